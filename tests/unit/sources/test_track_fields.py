"""Tests of the fields of tracks that sources give."""

import math

import pytest

from bot.sources import track_fields


@pytest.mark.parametrize("value", ["2YpeDb67231RjR0MgVLzsG"])
def test_valid_spotify_ids(value: str) -> None:
    assert track_fields.spotify_id(value) == value
    assert track_fields.spotify_id_of(f"https://open.spotify.com/track/{value}") == value


@pytest.mark.parametrize(
    "value", [None, 7, "", "x" * 21, "x" * 23, "2YpeDb67231RjR0MgVLzs/", "2YpeDb67231RjR0MgVLzsG\n"]
)
def test_other_values_are_no_spotify_ids(value: object) -> None:
    assert track_fields.spotify_id(value) is None
    assert track_fields.spotify_id_of(value) is None


@pytest.mark.parametrize(
    ("value", "code"),
    [("USSM11904128", "USSM11904128"), ("us-sm1-19-04128", "USSM11904128"), ("", None),
     ("GBUM71029604\n", None), (None, None), (7, None), ("USSM1190412", None)],
)  # fmt: skip
def test_isrc(value: object, code: str | None) -> None:
    assert track_fields.isrc(value) == code


@pytest.mark.parametrize(
    ("value", "mbid"),
    [("162630D9-36d2-4a8d-ade1-1c77440b34e7", "162630d9-36d2-4a8d-ade1-1c77440b34e7"),
     ("162630d9", None), ("../1", None), (None, None)],
)  # fmt: skip
def test_musicbrainz_ids(value: object, mbid: str | None) -> None:
    assert track_fields.uuid(value) == mbid


@pytest.mark.parametrize(
    ("value", "digits"),
    [(3135556, "3135556"), ("3135556", "3135556"), (0, None), (-7, None), ("07", None), (1.5, None),
     (True, None), (10**30, None), ("1/top", None), (None, None), ("\u0663", None)],
)  # fmt: skip
def test_numbers(value: object, digits: str | None) -> None:
    assert track_fields.number(value) == digits


@pytest.mark.parametrize(
    ("value", "length"),
    [(157, 157_000), ("157", 157_000), (0, None), (-5, None), (math.nan, None), (math.inf, None),
     (10**400, None), ("long", None), (None, None), (True, None), ([], None)],
)  # fmt: skip
def test_lengths_in_seconds(value: object, length: int | None) -> None:
    assert track_fields.milliseconds(value, 1000) == length


@pytest.mark.parametrize(
    ("value", "cover"),
    [("https://i.scdn.co/image/a", "https://i.scdn.co/image/a"), ("http://i.scdn.co/a", None),
     ("javascript:alert(1)", None), (f"https://{'a' * 3000}", None), (None, None)],
)  # fmt: skip
def test_covers_are_https_addresses(value: object, cover: str | None) -> None:
    assert track_fields.cover(value) == cover


def test_names_of_artists_are_different_texts_in_order() -> None:
    rows = [{"name": "B"}, {"name": "A"}, {"name": "B"}, {"name": ""}, {"name": 7}, "C", None]
    assert track_fields.artist_names(rows) == ("B", "A")
    assert track_fields.artist_names("x") == ()


def test_rows_are_the_first_objects_of_a_list() -> None:
    assert list(track_fields.rows_of([{"a": 1}, None, {"b": 2}, {"c": 3}], 3)) == [
        {"a": 1},
        {"b": 2},
    ]
    assert list(track_fields.rows_of({"a": 1})) == []
