"""What becomes of a retraining; the gate's checks have tests of their own."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from model.bundle import MODEL, REHEARSAL, REPORT, Metadata
from model.errors import BundleError, BundleInvalid
from model.gate_report import Check, GateReport
from model.genres import STUDY
from model.lifecycle import State
from model.store import BundleStore
from model.versions import Versions
from tests.unit.training.retrain.conftest import Place
from tests.unit.training.retrain.votes_table import Voted
from training.errors import CannotRetrain, ChatLabelError
from training.feedback.reading import Exclusion
from training.gate import frozen_data
from training.gate.contender import Contender
from training.retrain import limits, retrain
from training.retrain.outcome import Outcome
from training.retrain.request import Request
from training.retrain.starting_point import Store

Judge = Callable[[GateReport], None]
SHADOW = 24.0


def report(*, passed: bool) -> GateReport:
    checks = (
        Check("changed", passed=True, sentence="Songs are answered differently."),
        Check("held_back", passed, "9 of 10 corrections held back are right."),
    )
    return GateReport("base", 40, 10, {"corrections": 10}, checks)


PASSED, FAILED = report(passed=True), report(passed=False)


@pytest.fixture(autouse=True)
def judge(monkeypatch: pytest.MonkeyPatch) -> Judge:
    """Return a function that sets the gate's judgement; candidates pass at first."""

    def set_to(judgement: GateReport) -> None:
        monkeypatch.setattr(retrain, "judge", lambda *_, **__: judgement)

    set_to(PASSED)
    return set_to


def run(place: Place, **request: Any) -> Outcome:
    shadow = request.pop("shadow_hours", 0.0)
    deployment = replace(place.deployment, shadow_hours=shadow)
    return retrain.retrain(deployment, Request("tiny", **request), lambda _: None)


def made(place: Place, **request: Any) -> str:
    """Retrain and return the version."""
    version = run(place, **request).version
    assert version is not None
    return version


def metadata(place: Place, version: str) -> Metadata:
    return Store.of(place.deployment).versions.metadata("tiny", version)


def onnx(place: Place, version: str) -> bytes:
    return (place.folder / "models/tiny" / version / MODEL).read_bytes()


def test_candidate_that_passes_is_promoted(place: Place) -> None:
    outcome = run(place, seed=3)
    assert outcome.state is State.ACTIVE
    assert outcome.version == place.current != "base"
    assert outcome.exit_code == 0
    assert outcome.reasons == (
        "All 2 checks of the gate passed.",
        "9 of 10 corrections held back are right.",
    )
    lineage = metadata(place, outcome.version).lineage
    assert lineage is not None
    assert (lineage.parent, lineage.base, lineage.seed) == ("base", "base", 3)
    assert 20 <= lineage.rows_added < 50
    assert lineage.code_version
    assert lineage.votes_until == "2026-03-01T12:00:00.000000+00:00"


def test_bundle_of_a_candidate_can_be_retrained_and_holds_the_report(place: Place) -> None:
    version = made(place)
    found = metadata(place, version)
    assert set(found.files or {}) == {MODEL, REHEARSAL, REPORT}
    assert Store.of(place.deployment).versions.report("tiny", version) is not None
    assert found.data[-1]["rows_by_genre"].keys() == {"electronic"}
    assert found.verdicts["plain"].threshold == 0.6
    assert found.metrics.measurements == ()


def test_candidate_is_judged_on_songs_drawn_from_the_bundle(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged: list[Any] = []

    def judge(*given: Any, **_: Any) -> GateReport:
        judged.extend(given[2])
        return FAILED

    monkeypatch.setattr(retrain, "judge", judge)
    run(place)
    (drawn,) = (one for one in judged if one.kind == "drawn")
    assert Counter(drawn.truth) == dict.fromkeys(STUDY, frozen_data.DRAWN_EACH)


def test_events_say_who_moved_it_and_why(place: Place) -> None:
    version = made(place)
    events = Store.of(place.deployment).versions.history("tiny")
    assert [(event.version, event.state) for event in events] == [
        (version, State.CANDIDATE),
        (version, State.ACTIVE),
        ("base", State.RETIRED),
    ]
    assert {event.by for event in events} == {"retrain"}
    assert events[1].reasons[0] == "All 2 checks of the gate passed."


def test_nothing_is_trained_twice(place: Place) -> None:
    first = run(place)
    again = run(place)
    assert (again.version, again.state) == (first.version, State.ACTIVE)
    assert not again.changed
    assert again.reasons == (f"Nothing has changed since version {first.version} was trained.",)


def test_newer_votes_that_change_no_label_are_not_trained_on(
    place: Place, voted: Sequence[Voted]
) -> None:
    first = run(place)
    place.vote([replace(song, at="2026-04-01 12:00:00") for song in voted])
    assert run(place).version == first.version


def test_rejected_candidate_leaves_the_active_version(place: Place, judge: Judge) -> None:
    judge(FAILED)
    outcome = run(place)
    assert outcome.state is State.REJECTED
    assert outcome.exit_code == 3
    assert outcome.reasons == ("9 of 10 corrections held back are right.",)
    assert place.current in ("", "base")
    again = run(place)
    assert (again.version, again.exit_code) == ("base", 0)
    assert again.reasons == (
        f"Nothing has changed since version {outcome.version} was trained, which is rejected.",
    )


def test_more_votes_are_trained_on_again(
    place: Place, judge: Judge, voted: Sequence[Voted]
) -> None:
    judge(FAILED)
    first = run(place)
    place.vote(voted[:-1])
    judge(PASSED)
    second = run(place)
    assert second.state is State.ACTIVE
    assert second.version not in (first.version, "base")


def test_another_seed_is_another_training(place: Place, judge: Judge) -> None:
    judge(FAILED)
    assert made(place, seed=1) != made(place, seed=2)


def test_candidate_waits_in_the_shadow(place: Place) -> None:
    outcome = run(place, shadow_hours=SHADOW)
    assert outcome.state is State.CANDIDATE
    assert outcome.exit_code == 0
    assert "in the shadow for 24 hours before" in outcome.reasons[-1]
    assert place.current in ("", "base")
    assert run(place, shadow_hours=SHADOW) == outcome


def test_candidate_of_a_killed_run_is_moved_by_the_next(place: Place) -> None:
    waiting = run(place, shadow_hours=SHADOW)
    assert made(place) == waiting.version == place.current


def test_run_that_is_killed_after_the_upload_is_repeated(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as until_killed:
        until_killed.setattr(Versions, "_record", killed)
        with pytest.raises(KeyboardInterrupt):
            run(place)
    (orphan,) = (place.folder / "models/tiny").glob("*/metadata.json")
    outcome = run(place)
    assert outcome.state is State.ACTIVE
    assert outcome.version == place.current == orphan.parent.name


def test_promotion_by_the_operator_meanwhile_stays(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = made(place, seed=1, shadow_hours=SHADOW)
    versions = Store.of(place.deployment).versions

    def promoted_meanwhile(*_: object, **__: object) -> GateReport:
        versions.promote("tiny", theirs, "promote")
        return PASSED

    with monkeypatch.context() as first:
        first.setattr(retrain, "judge", promoted_meanwhile)
        outcome = run(place, seed=2)
    assert (outcome.state, outcome.exit_code) == (State.REJECTED, 3)
    assert outcome.reasons == (retrain.OVERTAKEN,)
    assert outcome.version is not None
    assert place.current == theirs
    assert versions.states("tiny")[outcome.version] is State.REJECTED
    anew = run(place, seed=2)
    assert anew.version is not None
    lineage = metadata(place, anew.version).lineage
    assert lineage is not None
    assert (anew.state, lineage.parent) == (State.ACTIVE, theirs)
    for _ in range(2):
        versions.rollback("tiny")
    assert run(place, seed=2).version == outcome.version == place.current


def test_few_corrections_are_not_trained_on(place: Place, voted: Sequence[Voted]) -> None:
    place.vote(voted[:5])
    outcome = run(place)
    assert (outcome.version, outcome.state, outcome.changed) == ("base", State.ACTIVE, False)
    assert "20 and 5 are needed" in outcome.reasons[0]


def test_genres_that_the_model_has_not_are_skipped_in_words(
    place: Place, voted: Sequence[Voted]
) -> None:
    place.vote([replace(song, genre="jazz") for song in voted[:8]] + list(voted[8:11]))
    outcome = run(place)
    assert "8 corrections stay out: model tiny has no genre jazz." in outcome.reasons


def test_unlearning_leaves_no_trace_of_the_votes(place: Place, voted: Sequence[Voted]) -> None:
    place.vote([replace(song, voters=(*song.voters, "mallory")) for song in voted])
    learnt = made(place)
    forgotten = made(place, exclusion=Exclusion(voters=frozenset({"mallory"})))
    place.vote(voted)
    never = made(place, from_base=True)
    assert onnx(place, never) == onnx(place, forgotten)
    assert onnx(place, learnt) != onnx(place, forgotten)
    lineage = metadata(place, forgotten).lineage
    assert lineage is not None
    assert (lineage.parent, lineage.base) == (learnt, "base")


def test_period_can_be_unlearnt(place: Place, voted: Sequence[Voted]) -> None:
    late = [replace(song, at="2026-05-01 00:00:00") for song in voted[:10]]
    place.vote([*late, *voted[10:]])
    since = Exclusion(since=datetime(2026, 4, 1, tzinfo=UTC))
    found = metadata(place, made(place, exclusion=since)).lineage
    assert found is not None
    assert found.rows_added < 41
    assert found.votes_until.startswith("2026-03-01"), "those of the period were not read"


def test_second_training_starts_from_the_first(place: Place, voted: Sequence[Voted]) -> None:
    first = made(place)
    place.vote(voted[:-1])
    second = made(place)
    lineage = metadata(place, second).lineage
    assert lineage is not None
    assert (lineage.parent, lineage.base) == (first, "base")
    fresh = made(place, from_base=True)
    assert onnx(place, fresh) != onnx(place, second)


EVERYONE = Exclusion(voters=frozenset({"ann", "bob"}))
WAY_BACK = (
    "The active model has learnt from corrections. base has not: `models promote base` returns "
    "to it."
)


def test_too_few_votes_that_remain_are_a_rejection_that_says_how_to_unlearn(place: Place) -> None:
    run(place)
    outcome = run(place, exclusion=EVERYONE)
    assert (outcome.version, outcome.state, outcome.exit_code) == (None, State.REJECTED, 3)
    assert outcome.reasons[1] == WAY_BACK


def test_too_few_votes_that_remain_are_nothing_to_do_if_nothing_was_learnt(place: Place) -> None:
    outcome = run(place, exclusion=EVERYONE)
    assert (outcome.version, outcome.exit_code) == ("base", 0)


def test_unlearning_that_is_rejected_is_so_again_and_says_the_way(
    place: Place, judge: Judge
) -> None:
    run(place)
    judge(FAILED)
    first = run(place, from_base=True)
    assert first.reasons == (*FAILED.failures, WAY_BACK)
    again = run(place, from_base=True)
    assert (again.version, again.state, again.exit_code) == (first.version, State.REJECTED, 3)
    assert again.reasons == (
        f"Nothing has changed since version {first.version} was trained, which is rejected.",
        *FAILED.failures,
        WAY_BACK,
    )


def test_unlearning_is_compared_with_the_base(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    opponents: list[str | None] = []

    def judged(*_: Any, without: Contender | None, **__: Any) -> GateReport:
        opponents.append(without.version if without else None)
        return PASSED

    monkeypatch.setattr(retrain, "judge", judged)
    run(place)
    run(place, from_base=True)
    assert opponents == [None, "base"]


def test_candidate_waits_after_a_rollback_if_it_is_to(place: Place, voted: Sequence[Voted]) -> None:
    left = made(place)
    versions = Store.of(place.deployment).versions
    versions.rollback("tiny")
    place.vote(voted[:-1])
    outcome = run(place, hold_after_rollback=True)
    waits = (
        f"A person went back to base, so it waits: `models promote {outcome.version}` makes it "
        "active."
    )
    assert (outcome.state, outcome.exit_code) == (State.CANDIDATE, 0)
    assert outcome.version is not None
    assert outcome.version != left
    assert outcome.reasons[-1] == waits == versions.find(outcome.version).reasons[-1]
    assert place.current == "base"
    assert run(place, shadow_hours=SHADOW).reasons[-1] == waits
    assert made(place) == outcome.version == place.current  # a person asked for it


def test_nothing_is_held_without_a_rollback(place: Place, voted: Sequence[Voted]) -> None:
    first = run(place, hold_after_rollback=True)
    place.vote(voted[:-1])
    second = run(place, hold_after_rollback=True)
    assert first.state is second.state is State.ACTIVE


def test_newer_candidate_supersedes_the_one_before(place: Place, voted: Sequence[Voted]) -> None:
    first = made(place, shadow_hours=SHADOW)
    place.vote(voted[:-1])
    second = made(place, shadow_hours=SHADOW)
    versions = Store.of(place.deployment).versions
    assert versions.find(first).state is State.REJECTED
    assert versions.find(first).reasons == (f"{second} superseded it.",)
    assert versions.find(second).state is State.CANDIDATE
    place.vote(voted[:-2])
    third = made(place)
    assert versions.find(second).reasons == (f"{third} superseded it.",)


def test_model_of_tables_and_corrections_needs_the_tables_to_unlearn(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retrain, "base_of", lambda _: "")
    with pytest.raises(CannotRetrain, match="--data"):
        run(place, from_base=True)


def test_damaged_active_version_is_refused(place: Place, voted: Sequence[Voted]) -> None:
    version = made(place)
    path = place.folder / "models/tiny" / version / REHEARSAL
    path.write_bytes(path.read_bytes() + b"!")
    place.vote(voted[:-1])
    with pytest.raises(BundleInvalid, match="damaged"):
        run(place)
    assert place.current == version


def test_unreadable_database_is_an_error(place: Place) -> None:
    place.database.unlink()
    with pytest.raises(ChatLabelError):
        run(place)


def test_unknown_model_is_an_error(place: Place) -> None:
    with pytest.raises(BundleError, match="nothing"):
        retrain.retrain(place.deployment, Request("nothing"), lambda _: None)


def test_full_disk_leaves_the_active_version(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(BundleStore, "save", full)
    with pytest.raises(OSError, match="No space"):
        run(place)
    assert place.current in ("", "base")
    assert not list((place.folder / "models/tiny").glob("*/metadata.json"))


def test_second_retraining_at_once_is_refused(tmp_path: Path) -> None:
    refused = pytest.raises(CannotRetrain, match="another retraining is running")
    with limits.alone(tmp_path), refused, limits.alone(tmp_path):
        raise AssertionError
    with limits.alone(tmp_path):  # the file that is left does not count
        assert (tmp_path / limits.LOCK).exists()


def test_folder_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(CannotRetrain, match="cannot be written"),
        limits.alone(tmp_path / "file" / "var"),
    ):
        raise AssertionError
