"""A model store with invalid contents: what is skipped, what is refused, and in which words."""

import json
from pathlib import Path
from typing import Any

import pytest

from model.bundle import MODEL
from model.bundle_files import METADATA
from model.errors import BundleInvalid
from model.event_log import EVENTS, MAX_EVENT_BYTES
from model.lifecycle import MAX_NUMBER, State
from model.remote import RemoteStore
from model.store import BundleStore
from model.versions import Versions
from tests.contract.model_places import NAME, Place
from tests.support.factories import metadata, onnx_model, save_bundle

EVENT = {
    "name": NAME, "version": "1", "state": "active", "at": "2026-02-01T00:00:00.000000+00:00",
    "by": "promote", "reasons": ["Because."], "replaced": "0",
}  # fmt: skip


@pytest.fixture
def skipped() -> list[str]:
    """Return the sentences about what was skipped."""
    return []


@pytest.fixture
def versions(folder: Place, made: Path, tmp_path: Path, skipped: list[str]) -> Versions:
    """Return the versions of a store with an active version 1 and a candidate 2."""
    opened = Versions(
        RemoteStore(folder.url),
        save_bundle(tmp_path / "shipped", NAME, version="0"),
        skipped=skipped.append,
    )
    for version in ("1", "2"):
        BundleStore(made).save(metadata(NAME, version=version), {MODEL: onnx_model()})
        opened.add_candidate(NAME, version, made, by="retrain")
    opened.promote(NAME, "1", by="promote")
    return opened


GOOD = {"0": State.RETIRED, "1": State.ACTIVE, "2": State.CANDIDATE}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty or too large"),
        (b"no JSON", "cannot be read"),
        (b"\xff\xfe", "is not text"),
        (b"[" * 100_000, "cannot be read"),
        (b" " * (MAX_EVENT_BYTES + 1), "empty or too large"),
        ({"name": "other"}, "of another model, other"),
        ({"name": ["x"]}, "cannot be read"),
        ({"version": "../x"}, "must be names"),
        ({"replaced": "a b"}, "must be names"),
        ({"state": "deployed"}, "cannot be read"),
        ({"at": "soon"}, "cannot be read"),
        ({"at": "2026-02-01T00:00:00.000000"}, "in UTC"),
        ({"at": "2026-02-01T01:00:00.000000+01:00"}, "in UTC"),
        ({"at": "9999-12-31T23:59:59.999999+00:00"}, "in UTC"),
        ({"at": 5}, "cannot be read"),
        ({"number": -1}, "whole number"),
        ({"number": True}, "whole number"),
        ({"number": 1 << 60}, "whole number"),
        ({"by": ""}, "short word"),
        ({"by": "x" * 101}, "short word"),
        ({"by": "\x1b[31mred"}, "short word"),
        ({"reasons": ["x" * 1001]}, "short sentences"),
        ({"reasons": ["x"] * 101}, "short sentences"),
        ({"reasons": ["two\nlines"]}, "short sentences"),
        ({"reasons": [5]}, "cannot be read"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_invalid_event_is_skipped_in_one_sentence(
    folder: Place, versions: Versions, skipped: list[str], content: bytes | dict[str, Any], why: str
) -> None:
    text = content if isinstance(content, bytes) else json.dumps(EVENT | content).encode()
    folder.write(f"{NAME}/{EVENTS}/99990101T000000.000000Z-0.json", text)
    assert versions.states(NAME) == GOOD
    (line,) = skipped
    assert f"{NAME}/{EVENTS}/99990101T000000.000000Z-0.json is skipped" in line
    assert why in line
    assert "\n" not in line
    assert len(line) < 1000
    versions.promote(NAME, "2", by="promote")
    assert versions.active(NAME) == "2"


def test_event_may_have_fields_of_a_later_program(
    folder: Place, versions: Versions, skipped: list[str]
) -> None:
    at = "2999-02-01T00:00:00.000000+00:00"
    later = EVENT | {"version": "2", "state": "rejected", "at": at, "number": 9}
    folder.write(f"{NAME}/{EVENTS}/x.json", json.dumps(later | {"host": "a"}).encode())
    assert versions.states(NAME)["2"] is State.REJECTED
    assert skipped == []
    event = versions.promote(NAME, "2", by="promote")
    assert (event.number, event.at < at) == (10, True)
    assert versions.states(NAME)["2"] is State.ACTIVE


def test_event_of_the_largest_number_stops_no_other(folder: Place, versions: Versions) -> None:
    later = EVENT | {"version": "2", "state": "rejected", "number": MAX_NUMBER}
    folder.write(f"{NAME}/{EVENTS}/x.json", json.dumps(later).encode())
    versions.promote(NAME, "2", by="promote")
    assert versions.states(NAME)["2"] is State.ACTIVE


@pytest.mark.parametrize(
    ("pointer", "why"),
    [
        (b"3\n", "names 3, which is not there"),
        (b"2\n", "names 2, which no event made active"),
        (b"../../etc\n", "is invalid"),
        (b"", "is invalid"),
        (b"\xff", "is not text"),
        (b"a" * 5000, "is invalid"),
        (b"a" * (1 << 20) + b"b", "is too large"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_pointer_that_cannot_be_followed_is_refused(
    folder: Place, versions: Versions, skipped: list[str], pointer: bytes, why: str
) -> None:
    folder.write(f"{NAME}/current", pointer)
    with pytest.raises(BundleInvalid) as raised:
        versions.active(NAME)
    assert why in str(raised.value)
    assert len(str(raised.value)) < 500
    skipped.clear()
    assert {entry.version: entry.state for entry in versions.entries()} == GOOD
    assert skipped == [str(raised.value)]
    assert versions.promote(NAME, "2", by="promote").replaced == "1"
    assert versions.active(NAME) == "2"


def test_metadata_of_another_model_are_skipped(
    folder: Place, versions: Versions, skipped: list[str]
) -> None:
    content = folder.read(f"{NAME}/2/{METADATA}")
    assert content
    folder.write(f"{NAME}/2/{METADATA}", content.replace(b'"tiny"', b'"wide"'))
    assert [entry.version for entry in versions.entries()] == ["0", "1"]
    assert skipped == [f"{folder.url}: tiny 2: another model is kept in its place"]
    with pytest.raises(BundleInvalid, match="keeps another model as tiny 2"):
        versions.promote(NAME, "2", by="promote")
    assert versions.active(NAME) == "1"


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b" " * (1 << 20) + b"{}"], ids=len)
def test_version_with_unreadable_metadata_is_listed_with_what_is_known(
    folder: Place, versions: Versions, skipped: list[str], content: bytes
) -> None:
    folder.write(f"{NAME}/2/{METADATA}", content)
    assert {entry.version: entry.state for entry in versions.entries()} == GOOD
    assert set(versions.find("2").metrics.values()) == {None}
    assert all(line.startswith(f"{folder.url}: tiny 2: metadata.json ") for line in skipped)
    with pytest.raises(BundleInvalid):
        versions.promote(NAME, "2", by="promote")
    assert versions.active(NAME) == "1"


def test_folder_that_looks_like_a_version_of_a_reserved_name_is_skipped(
    folder: Place, versions: Versions
) -> None:
    folder.write(f"{NAME}/{EVENTS}/{METADATA}", b"{}")
    assert set(versions.states(NAME)) == {"0", "1", "2"}
