"""Contract of the versions in a model store, in a folder and on an S3 server."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from model.bundle import MODEL, REPORT, Lineage
from model.bundle_files import METADATA
from model.errors import ActiveChanged, BundleInvalid, MoveRefused, NoBundle, SchemaMismatch
from model.gate_report import Check, GateReport, GenreChange
from model.lifecycle import State
from model.metrics import FeaturePattern, Figures, MeasuredModel, Measurement, Metrics, Slice, Split
from model.remote import RemoteStore
from model.store import BundleStore
from model.versions import Versions
from tests.contract.model_places import NAME, Place
from tests.support.factories import metadata, onnx_model, save_bundle

START = datetime(2026, 1, 31, 14, 5, tzinfo=UTC)

in_a_folder = pytest.mark.parametrize("place", ["folder"], indirect=True)
"""Marks tests of rules that do not depend on the kind of store."""


@pytest.fixture
def shipped(tmp_path: Path) -> BundleStore:
    """Return the bundles of the program: one model of version 0."""
    return save_bundle(tmp_path / "shipped", NAME, version="0")


@pytest.fixture
def opened(place: Place, shipped: BundleStore) -> Versions:
    """Open the versions of an empty store."""
    return Versions(RemoteStore(place.url), shipped, now=lambda: START)


@pytest.fixture
def add(opened: Versions, made: Path) -> Callable[[str], None]:
    """Return a function that adds a candidate."""

    def add_one(version: str) -> None:
        BundleStore(made).save(metadata(NAME, version=version), {MODEL: onnx_model()})
        opened.add_candidate(NAME, version, made, by="retrain")

    return add_one


Add = Callable[[str], None]


def states(versions: Versions) -> dict[str, str]:
    return {entry.version: entry.state.value for entry in versions.entries(NAME)}


def test_shipped_version_is_active_in_an_empty_store(opened: Versions) -> None:
    (entry,) = opened.entries()
    assert (entry.name, entry.version, entry.state) == (NAME, "0", State.ACTIVE)
    assert entry.shipped
    assert (entry.at, entry.by, entry.parent) == (None, None, None)
    assert opened.active(NAME) == "0"
    assert opened.history(NAME) == ()


@in_a_folder
def test_candidate_is_listed_and_not_active(opened: Versions, add: Add, place: Place) -> None:
    add("1")
    assert states(opened) == {"0": "active", "1": "candidate"}
    assert place.read(f"{NAME}/current") is None
    (event,) = opened.history(NAME, "1")
    assert (event.state, event.by, event.at) == (
        State.CANDIDATE, "retrain", "2026-01-31T14:05:00.000000+00:00",
    )  # fmt: skip


def test_promotion_retires_the_version_before_and_can_be_rolled_back(
    opened: Versions, add: Add, place: Place
) -> None:
    add("1")
    event = opened.promote(NAME, "1", by="promote", reasons=("It is better.",))
    assert (event.replaced, event.reasons) == ("0", ("It is better.",))
    assert place.read(f"{NAME}/current") == b"1\n"
    assert states(opened) == {"0": "retired", "1": "active"}
    assert opened.find("0").reasons == ("1 replaced it",)
    assert opened.active(NAME) == "1"
    moves = [(one.version, one.state.value) for one in opened.history(NAME)]
    assert moves == [("1", "candidate"), ("1", "active"), ("0", "retired")]
    assert opened.rollback(NAME).version == "0"
    assert place.read(f"{NAME}/current") == b"0\n"


@in_a_folder
def test_rollbacks_go_back_one_by_one_and_end_at_the_shipped_version(
    opened: Versions, add: Add, place: Place, shipped: BundleStore
) -> None:
    for version in ("1", "2"):
        add(version)
        opened.promote(NAME, version, by="promote")
    assert opened.rollback(NAME).replaced == "2"
    assert states(opened) == {"0": "retired", "1": "active", "2": "retired"}
    assert opened.rollback(NAME).version == "0"
    assert place.read(f"{NAME}/current") == b"0\n"
    assert RemoteStore(place.url).load(NAME, "0")[0] == shipped.load(NAME, "0")
    with pytest.raises(NoBundle, match="no version of model 'tiny' was active before 0"):
        opened.rollback(NAME)


@in_a_folder
def test_rejected_version_is_not_returned_to(opened: Versions, add: Add) -> None:
    for version in ("1", "2"):
        add(version)
        opened.promote(NAME, version, by="promote")
    opened.reject(NAME, "1", "promote", ("It sounds wrong.",))
    assert opened.find("1").reasons == ("It sounds wrong.",)
    assert opened.rollback(NAME).version == "0"


@in_a_folder
def test_active_version_cannot_be_rejected(opened: Versions) -> None:
    with pytest.raises(MoveRefused, match="tiny 0 is active: roll back first"):
        opened.reject(NAME, "0", "promote", ())


@in_a_folder
def test_promoting_the_active_version_changes_no_other(opened: Versions, add: Add) -> None:
    add("1")
    opened.promote(NAME, "1", by="promote")
    assert opened.promote(NAME, "1", by="promote").replaced is None
    assert states(opened) == {"0": "retired", "1": "active"}
    assert opened.rollback(NAME).version == "0"


def test_promotion_replaces_the_expected_version_alone(
    opened: Versions, add: Add, place: Place
) -> None:
    for version in ("1", "2", "3"):
        add(version)
    assert opened.promote(NAME, "1", by="promote", expected="0").replaced == "0"
    with pytest.raises(ActiveChanged, match="tiny 1 is active, and no longer 0"):
        opened.promote(NAME, "2", by="retrain", expected="0")
    assert place.read(f"{NAME}/current") == b"1\n"
    assert states(opened) == {"0": "retired", "1": "active", "2": "candidate", "3": "candidate"}


@in_a_folder
def test_promotion_during_the_checks_of_another_counts(
    opened: Versions, add: Add, shipped: BundleStore, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An operator promotes version 1 while version 2 is fetched and checked."""
    add("1")
    add("2")
    load = RemoteStore.load

    def slow(store: RemoteStore, name: str, version: str, **options: Any) -> Any:
        if version == "2":
            Versions(RemoteStore(place.url), shipped).promote(NAME, "1", by="promote")
        return load(store, name, version, **options)

    monkeypatch.setattr(RemoteStore, "load", slow)
    with pytest.raises(ActiveChanged):
        opened.promote(NAME, "2", by="retrain", expected="0")
    assert states(opened) == {"0": "retired", "1": "active", "2": "candidate"}
    assert opened.promote(NAME, "2", by="promote").replaced == "1"


@in_a_folder
def test_what_is_not_known_is_not_moved(opened: Versions, add: Add) -> None:
    add("1")
    with pytest.raises(NoBundle, match="model 'tiny' has no version '2'; there are: 0, 1"):
        opened.promote(NAME, "2", by="promote")
    with pytest.raises(NoBundle, match="there is no model 'other'"):
        opened.promote("other", "1", by="promote")
    with pytest.raises(NoBundle, match="there is no version '2'"):
        opened.find("2")
    with pytest.raises(MoveRefused, match="tiny 1 is there already"):
        add("1")


@in_a_folder
def test_version_of_two_models_is_ambiguous(place: Place, made: Path, shipped: BundleStore) -> None:
    save_bundle(made, "other", version="0")
    versions = Versions(RemoteStore(place.url), shipped)
    versions.add_candidate("other", "0", made, by="retrain")
    with pytest.raises(NoBundle, match="other and tiny both have a version '0': name the model"):
        versions.find("0")
    assert versions.find("0", NAME).state is State.ACTIVE
    assert versions.find("0", "other").state is State.CANDIDATE


@in_a_folder
@pytest.mark.parametrize("version", ["events", "current", "../x", "", "a" * 101])
def test_version_cannot_have_a_name_that_the_store_uses(
    opened: Versions, tmp_path: Path, version: str
) -> None:
    with pytest.raises(MoveRefused):
        opened.add_candidate(NAME, version, tmp_path, by="retrain")


@in_a_folder
def test_events_are_in_order_though_the_clock_is_set_back(
    place: Place, made: Path, shipped: BundleStore
) -> None:
    times = iter([START, START - timedelta(days=400), START - timedelta(days=1)])
    versions = Versions(RemoteStore(place.url), shipped, now=lambda: next(times))
    save_bundle(made, NAME, version="1")
    versions.add_candidate(NAME, "1", made, by="retrain")
    versions.promote(NAME, "1", by="promote")
    found = [(event.state.value, event.at[:10]) for event in versions.history(NAME)]
    assert found == [
        ("candidate", "2026-01-31"), ("active", "2024-12-27"), ("retired", "2026-01-30"),
    ]  # fmt: skip
    again = Versions(RemoteStore(place.url), shipped)
    assert again.history(NAME) == versions.history(NAME)
    assert states(again) == {"0": "retired", "1": "active"}


@in_a_folder
def test_last_event_counts_though_the_one_before_is_of_a_far_future(
    place: Place, made: Path, shipped: BundleStore
) -> None:
    times = iter([START + timedelta(days=36500), START])
    versions = Versions(RemoteStore(place.url), shipped, now=lambda: next(times))
    save_bundle(made, NAME, version="1")
    versions.add_candidate(NAME, "1", made, by="retrain")
    versions.reject(NAME, "1", "promote", ())
    assert states(versions) == {"0": "active", "1": "rejected"}
    assert versions.find("1").at == "2026-01-31T14:05:00.000000+00:00"


@in_a_folder
def test_versions_are_listed_oldest_first_with_their_figures(
    place: Place, opened: Versions, made: Path
) -> None:
    full = Figures(900, 0.51, 0.47, 0.5, 0.6, 0.79, 0.8, {}, 0.014)
    core = Figures(900, 0.4, 0.3, 0.4, 0.5, 0.6, 0.7, {}, 0.02)
    ours = (Split.TEST, Slice.ALL)
    measured = Metrics(
        measurements=(
            Measurement(*ours, FeaturePattern.CORE, MeasuredModel.OURS, core),
            Measurement(*ours, FeaturePattern.ALL, MeasuredModel.OURS, full),
        )
    )
    report = GateReport(
        "0", 40, 12, {"corrections": 12}, (Check("better", passed=False, sentence="It is not."),),
        genres=(
            GenreChange("corrections", "rock", 9, 1 / 3, 2 / 3, 0.5, 0.6),
            GenreChange("corrections", "hip-hop", 3, 1.0, 1.0, 0.5, 0.6),
            GenreChange("tables", "rock", 900, 0.1, 0.1, 0.1, 0.1),
        ),
    )  # fmt: skip
    described = metadata(
        NAME, version="b", metrics=measured, lineage=Lineage("0", "0", 40, "0.2.0", 1, "f" * 64)
    )
    files = {MODEL: onnx_model(), REPORT: report.to_json().encode()}
    BundleStore(made).save(described, files)
    opened.add_candidate(NAME, "b", made, by="retrain")
    save_bundle(made, NAME, version="a")
    opened.add_candidate(NAME, "a", made, by="retrain")
    assert [entry.version for entry in opened.entries()] == ["0", "b", "a"]
    entry = opened.find("b")
    assert entry.parent == "0"
    assert entry.metrics == {
        "weighted_f1": 0.51,
        "macro_f1": 0.47,
        "top_3": 0.79,
        "calibration_error": 0.014,
        "rows": 900,
        "corrections": {"before": 0.5, "after": 0.75, "songs": 12},
        "frozen": {"tables": {"before": 0.1, "after": 0.1, "songs": 900}},
        "gate": {"passed": False},
    }
    assert opened.report(NAME, "b") == report
    assert opened.report(NAME, "a") is None
    assert opened.report(NAME, "0") is None
    assert opened.states(NAME) == dict.fromkeys("ba", State.CANDIDATE) | {"0": State.ACTIVE}
    place.write(f"{NAME}/b/{REPORT}", report.to_json().replace("false", "true").encode())
    with pytest.raises(BundleInvalid, match=r"report\.json of tiny b is damaged"):
        opened.report(NAME, "b")
    assert opened.find("b").metrics["gate"] is None, "a report that was tampered with"


@in_a_folder
def test_bundle_of_other_features_is_listed_and_not_promoted(
    opened: Versions, add: Add, place: Place
) -> None:
    add("1")
    content = place.read(f"{NAME}/1/{METADATA}")
    assert content
    place.write(f"{NAME}/1/{METADATA}", content.replace(b"liveness", b"banjo"))
    assert states(opened) == {"0": "active", "1": "candidate"}
    with pytest.raises(SchemaMismatch, match="other features"):
        opened.promote(NAME, "1", by="promote")
    assert states(opened) == {"0": "active", "1": "candidate"}
    assert place.read(f"{NAME}/current") is None


def test_tampered_file_is_not_promoted(opened: Versions, add: Add, place: Place) -> None:
    add("1")
    place.write(f"{NAME}/1/{MODEL}", onnx_model() + b"!")
    with pytest.raises(BundleInvalid, match="is damaged"):
        opened.promote(NAME, "1", by="promote")
    assert states(opened) == {"0": "active", "1": "candidate"}
    assert len(opened.history(NAME)) == 1


@in_a_folder
def test_damaged_copy_of_a_shipped_version_is_replaced_by_a_rollback(
    opened: Versions, add: Add, place: Place, shipped: BundleStore
) -> None:
    add("1")
    opened.promote(NAME, "1", by="promote")
    opened.upload(NAME, "0", shipped.folder(NAME).parent)
    place.write(f"{NAME}/0/{MODEL}", b"!")
    assert opened.rollback(NAME).version == "0"
    assert RemoteStore(place.url).load(NAME, "0")[0].onnx == onnx_model()


def test_two_promotions_at_once_leave_one_active_version(
    opened: Versions, add: Add, place: Place, shipped: BundleStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    add("1")
    add("2")
    other = Versions(RemoteStore(place.url), shipped)
    real = RemoteStore.promote

    def point_late(store: RemoteStore, name: str, version: str) -> object:
        monkeypatch.setattr(RemoteStore, "promote", real)
        other.promote(NAME, "2", by="promote")  # between the first one's event and its pointer
        return real(store, name, version)

    monkeypatch.setattr(RemoteStore, "promote", point_late)
    opened.promote(NAME, "1", by="promote")
    assert place.read(f"{NAME}/current") == b"1\n"
    for versions in (opened, other):
        found = states(versions)
        assert found["1"] == "active"
        assert [*found.values()].count("active") == 1
    assert opened.rollback(NAME).version in {"0", "2"}


@in_a_folder
def test_store_of_an_earlier_program_has_no_events(
    opened: Versions, place: Place, made: Path
) -> None:
    store = RemoteStore(place.url)
    for version in ("1", "2"):
        save_bundle(made, NAME, version=version)
        store.save(NAME, version, made, lambda *_: None)
        store.promote(NAME, version)
    assert states(opened) == {"0": "retired", "1": "retired", "2": "active"}
    assert opened.active(NAME) == "2"
    opened.promote(NAME, "1", by="promote")
    assert opened.rollback(NAME).version == "2"
