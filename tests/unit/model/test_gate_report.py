"""Reports of the gate as they are read from a store that anyone may have written."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from model.errors import BundleInvalid
from model.gate_report import Check, Disagreement, GateReport, GenreChange, SongChange
from model.metrics import Metrics
from model.version_figures import figures

REPORT = GateReport(
    "0", 40, 12, {"corrections": 12}, (Check("better", passed=True, sentence="It is."),),
    genres=(GenreChange("corrections", "rock", 9, 0.25, 0.75, 0.5, 0.5),),
    songs=(SongChange("Heroes", "rock", "pop", "rock"),),
    disagreements=(Disagreement("Heroes", "rock", "pop", 0.5, 2.0),),
)  # fmt: skip

PLACES: list[tuple[str | int, ...]] = [
    *((name,) for name in ("active", "corrections", "held_back", "frozen", "checks", "genres")),
    *(("songs",), ("disagreements",), ("frozen", "corrections")),
    *(("checks", 0, name) for name in ("name", "passed", "sentence")),
    *(("genres", 0, name) for name in ("data", "genre", "songs", "right_before", "f1_after")),
    *(("songs", 0, name) for name in ("song", "truth", "before", "after")),
    *(("disagreements", 0, name) for name in ("label", "probability", "weight")),
]
"""Places of values in a report."""

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=4,
)


def changed(place: tuple[str | int, ...], value: object) -> str:
    """Return the report as JSON with another value in a place."""
    report = json.loads(REPORT.to_json())
    inner: Any = report
    for part in place[:-1]:
        inner = inner[part]
    inner[place[-1]] = value
    return json.dumps(report)


def test_report_is_read_as_it_was_written() -> None:
    assert GateReport.from_json(REPORT.to_json()) == REPORT
    assert REPORT.passed


def test_report_without_checks_has_not_passed() -> None:
    assert not GateReport.from_json(changed(("checks",), [])).passed


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("checks", 0, "passed"), "yes"),
        (("checks", 0, "sentence"), None),
        (("genres", 0, "right_before"), "0.5"),
        (("genres", 0, "right_before"), True),
        (("genres", 0, "right_before"), float("nan")),
        (("genres", 0, "songs"), 9.5),
        (("genres", 0, "songs"), 10**400),
        (("frozen", "corrections"), "12"),
        (("frozen",), [12]),
        (("active",), 0),
        (("songs",), "abc"),
    ],
)
def test_value_of_another_type_is_refused(place: tuple[str | int, ...], value: object) -> None:
    with pytest.raises(BundleInvalid, match="the gate's report cannot be read"):
        GateReport.from_json(changed(place, value))


@given(place=st.sampled_from(PLACES), value=JSON)
@example(place=("genres", 0, "songs"), value=1)
def test_what_is_read_can_be_listed(place: tuple[str | int, ...], value: object) -> None:
    with suppress(BundleInvalid):
        report = GateReport.from_json(changed(place, value))
        figures(Metrics(), report)
        assert all(isinstance(sentence, str) for sentence in report.failures)
        assert GateReport.from_json(report.to_json()) == report
