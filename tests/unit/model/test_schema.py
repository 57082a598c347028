"""The feature schema."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.errors import BadValue
from model.schema import (
    BY_NAME,
    CORE,
    EXTRA,
    INPUT_NAMES,
    NAMES,
    RADAR,
    looks_equal,
    read,
    read_all,
    schema_hash,
)


def test_order_of_features() -> None:
    assert NAMES[:8] == CORE
    assert NAMES == CORE + EXTRA
    assert set(RADAR) == set(CORE) - {"tempo"}


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("energy", 0.5, 0.5),
        ("energy", "1", 1.0),
        ("energy", 0, 0.0),
        ("key", "7.0", 7.0),
        ("tempo", 500, 500.0),
        ("loudness", 3.5, 3.5),
        ("loudness", -100, -100.0),
        ("duration_ms", 86_400_000, 86_400_000.0),
        ("energy", None, None),
        pytest.param("key", -1, None, id="key -1 means not found"),
        pytest.param("tempo", 0, None, id="tempo 0 means not found"),
        pytest.param("duration_ms", -1, None, id="duration -1 means not known"),
    ],
)
def test_valid_values_are_read(name: str, value: object, expected: float | None) -> None:
    assert read(name, value) == expected


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("energy", 1.01),
        ("energy", -0.01),
        ("energy", math.nan),
        ("tempo", math.inf),
        ("tempo", 500.1),
        ("tempo", 1e30),
        ("loudness", 20.1),
        ("loudness", -100.1),
        ("loudness", 1e30),
        ("duration_ms", 86_400_001),
        ("energy", "loud"),
        ("energy", ""),
        pytest.param("tempo", "1_20", id="underscore"),
        pytest.param("tempo", "\u0661\u0662\u0660", id="Arabic digits"),
        ("energy", True),
        ("energy", [0.5]),
        ("key", 12),
        ("key", 3.5),
        ("mode", 0.5),
        ("energy", 10**400),
    ],
)
def test_invalid_value_is_an_error_with_the_expected_range(name: str, value: object) -> None:
    with pytest.raises(BadValue, match=name) as raised:
        read(name, value)
    assert BY_NAME[name].expected in str(raised.value)


def test_unknown_names_and_missing_values_are_left_out() -> None:
    row = {"tempo": 120, "energy": None, "href": "x", "danceability": 0.5}
    assert list(read_all(row).items()) == [("danceability", 0.5), ("tempo", 120.0)]


@given(st.sampled_from(NAMES), st.floats() | st.text() | st.integers() | st.none())
def test_read_returns_a_valid_value_or_raises(name: str, value: object) -> None:
    try:
        number = read(name, value)
    except BadValue:
        return
    assert number is None or BY_NAME[name].low <= number <= BY_NAME[name].high
    assert number is None or math.isfinite(number)


def test_year_is_an_input_but_no_audio_feature() -> None:
    assert (*NAMES, "year") == INPUT_NAMES
    assert read("year", "1985") == 1985
    assert read("year", 0) is None
    assert read("year", -1) is None
    assert read_all({"year": 1985, "energy": 0.5}) == {"energy": 0.5}
    for year in (1899, 2101, 1985.5):
        with pytest.raises(BadValue, match="year"):
            read("year", year)


@pytest.mark.parametrize(
    ("name", "one", "other", "equal"),
    [
        ("danceability", 0.5, 0.59, True),
        ("energy", 0.9, 0.8, False),
        ("tempo", 120.0, 129.0, True),
        ("tempo", 120.0, 130.0, False),
        ("loudness", -8.7, -7.3, True),
        ("loudness", -7.0, -9.9, True),
        ("loudness", -7.0, -10.0, False),
        ("duration_ms", 200_000.0, 214_000.0, True),
        ("duration_ms", 200_000.0, 215_000.0, False),
        ("mode", 1.0, 1.0, True),
        ("mode", 1.0, 0.0, False),
        ("year", 1985.0, 1985.0, True),
        ("year", 1985.0, 1986.0, False),
    ],
)
def test_values_look_equal_below_the_step(
    name: str,
    one: float,
    other: float,
    equal: bool,  # noqa: FBT001 - parametrized
) -> None:
    assert looks_equal(name, one, other) == looks_equal(name, other, one) == equal


def test_hashes_of_published_bundles_do_not_change() -> None:
    assert schema_hash(CORE).startswith("659c1a50")
    assert schema_hash(NAMES).startswith("033f4825")
    assert schema_hash(INPUT_NAMES) != schema_hash(NAMES)


def test_schema_hash_depends_on_features_and_order() -> None:
    hashes = {schema_hash(CORE), schema_hash(NAMES), schema_hash(CORE[::-1])}
    assert len(hashes) == 3
    assert schema_hash(CORE) == schema_hash(CORE)
