"""Values of features in the address of the page "what if"."""

from urllib.parse import parse_qsl

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain import what_if
from bot.domain.what_if import Correction, CorrectionKind, read
from model.schema import BY_NAME, INPUT_NAMES, RADAR, YEAR
from model.schema import read as read_feature

YEAR_NOW = 2026

NUMERALS = st.one_of(
    st.floats().map(str),
    st.integers().map(str),
    st.sampled_from(["", "NaN", "inf", "-inf", "1e999", "unknown", "0,5", "0x1", "9" * 10_000]),
    st.text(max_size=20),
)
PAIRS = st.lists(
    st.tuples(st.sampled_from([*INPUT_NAMES, "song", "start", "dancability", ""]), NUMERALS),
    max_size=20,
)


def address_of(asked: what_if.Asked) -> str:
    known = {name: value for name, value in asked.values.items() if value is not None}
    return what_if.address(known, asked.values, song=asked.song, start=asked.start)


@given(PAIRS)
@example([("tempo", "0.001")])
@example([("loudness", "-0.0001")])
def test_any_address_becomes_valid_values_with_a_stable_address(
    pairs: list[tuple[str, str]],
) -> None:
    asked = read(pairs, YEAR_NOW)
    for name, value in asked.values.items():
        assert value is None or read_feature(name, value) == value
    address = address_of(asked)
    again = read(parse_qsl(address.partition("?")[2]), YEAR_NOW)
    assert (again.values, again.corrections) == (asked.values, ())
    assert address_of(again) == address


def test_canonical_address_has_the_order_of_the_schema_and_rounded_values() -> None:
    pairs = [
        ("song", "2YpeDb67231RjR0MgVLzsG"),
        ("tempo", "136.0412"),
        ("key", "unknown"),
        ("danceability", "0.87800001"),
        ("instrumentalness", "1.6e-6"),
        ("start", "r&b"),
    ]
    assert address_of(read(pairs, YEAR_NOW)) == (
        "/whatif?danceability=0.878&instrumentalness=0.000002&tempo=136.04&key=unknown"
        "&song=2YpeDb67231RjR0MgVLzsG&start=r%26b"
    )
    assert what_if.address({}) == "/whatif"


@pytest.mark.parametrize(
    ("name", "given", "value", "kind"),
    [
        ("danceability", "7", 1.0, CorrectionKind.TOO_HIGH),
        ("danceability", "-0.01", 0.0, CorrectionKind.TOO_LOW),
        ("loudness", "-1e308", -100.0, CorrectionKind.TOO_LOW),
        ("year", "2027", 2026.0, CorrectionKind.TOO_HIGH),
        ("year", "1899", 1900.0, CorrectionKind.TOO_LOW),
        ("tempo", "0", None, CorrectionKind.NOT_MEASURED),
        ("key", "-1", None, CorrectionKind.NOT_MEASURED),
    ],
)
def test_value_out_of_range_is_moved_into_it_and_said(
    name: str, given: str, value: float | None, kind: CorrectionKind
) -> None:
    asked = read([(name, given)], YEAR_NOW)
    assert asked.values == {name: value}
    assert asked.corrections == (Correction(kind, name, value or 0.0),)


@pytest.mark.parametrize("given", ["", "NaN", "inf", "1e999", "0,5", "1_0", "٣", "0" * 10_000])
def test_what_is_no_number_is_left_out_and_said(given: str) -> None:
    asked = read([("energy", given)], YEAR_NOW)
    assert asked.values == {}
    assert asked.corrections == (Correction(CorrectionKind.NOT_A_NUMBER, "energy"),)


def test_last_value_of_a_name_counts_as_that_of_a_ticked_box_after_a_slider() -> None:
    pairs = [("energy", "0.4"), ("energy", "0.5"), ("valence", "0.1"), ("valence", "unknown")]
    asked = read(pairs, YEAR_NOW)
    assert asked.values == {"energy": 0.5, "valence": None}
    assert asked.corrections == ()


def test_names_that_are_no_features_are_left_out_and_said_once() -> None:
    asked = read([("dancability", "0.4"), ("fbclid", "x"), ("energy", "0.5")], YEAR_NOW)
    assert asked.values == {"energy": 0.5}
    assert asked.corrections == (Correction(CorrectionKind.NO_FEATURE),)


def test_each_input_has_a_slider_within_its_range() -> None:
    sliders = what_if.sliders(YEAR_NOW)
    assert tuple(sliders) == INPUT_NAMES
    for name, slider in sliders.items():
        grid = slider.grid()
        assert (grid[0], grid[-1]) == (slider.low, slider.high)
        assert BY_NAME[name].low <= slider.low < slider.high <= BY_NAME[name].high
        assert grid == [what_if.round_value(name, value) for value in grid]
    assert sliders[YEAR.name].high == YEAR_NOW
    assert len(sliders[RADAR[0]].grid()) == 101
