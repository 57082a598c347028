from dataclasses import replace

import pytest

from bot import texts
from bot.domain.errors import CollectionNotFound, CollectionUnreadable
from bot.domain.tracks import SubjectKind, SubjectRef
from bot.texts import collections
from tests.support.factories import track
from tests.support.fake_collections import (
    ALBUM,
    ARTIST,
    PLAYLIST,
    SPOTIFY_ALBUM,
    SPOTIFY_ARTIST,
    SPOTIFY_PLAYLIST,
    listed,
    shares,
    summary,
)

ADVICE = "Paste links to its songs, or its Deezer link?"


@pytest.mark.parametrize(
    ("ref", "count", "expected"),
    [
        (ALBUM, 8, "7 EP \N{EN DASH} Lil Nas X, album of 8 songs"),
        (ALBUM, 1, "7 EP \N{EN DASH} Lil Nas X, album of 1 song"),
        (PLAYLIST, 12_345, "7 EP, playlist of 12,345 songs"),
        (ARTIST, 50, "7 EP, top 50 songs"),
        (ARTIST, 1, "7 EP, top song"),
    ],
)
def test_headline(ref: SubjectRef, count: int, expected: str) -> None:
    assert collections.headline(summary(1, ref=ref, count=count)) == expected


def test_headline_of_an_album_without_artists_and_of_an_invisible_title() -> None:
    assert collections.headline(summary(artists=())) == "7 EP, album of 8 songs"
    nothing = summary(title="\u200b", artists=("\u2060",))
    assert collections.headline(nothing) == "(no title), album of 8 songs"


def test_headline_is_one_short_line() -> None:
    long = collections.headline(summary(title="a\nb\u202e" * 500, artists=("x" * 400,)))
    assert "\n" not in long
    assert "\u202e" not in long
    assert len(long) < 350


@pytest.mark.parametrize(
    ("genres", "expected"),
    [
        ({"rock": 1.0}, "Nearly all rock (100 %)."),
        ({"rock": 0.9, "pop": 0.1}, "Nearly all rock (90 %)."),
        ({"rock": 0.61, "pop": 0.35, "folk": 0.04}, "Mostly rock (61 %), then pop (35 %)."),
        (
            {"rock": 0.5, "pop": 0.3, "folk": 0.1, "jazz": 0.1},
            "Mostly rock (50 %), then pop (30 %) and folk (10 %).",
        ),
        (shares("rock", 0.7) | {"metal": 0.04, "pop": 0.04}, "Mostly rock (70 %)."),
        (
            {"rock": 0.4, "pop": 0.35, "folk": 0.25},
            "A mix: rock (40 %), pop (35 %) and folk (25 %).",
        ),
    ],
)
def test_sentence_names_the_largest_genres(genres: dict[str, float], expected: str) -> None:
    assert collections.sentence(summary(2, genres=genres)) == expected


def test_sentence_names_the_most_typical_and_the_oddest_song() -> None:
    odd = listed(3, "country")
    found = collections.sentence(summary(tracks=(listed(1), listed(2), odd)))
    assert found.endswith(" Most typical: “Song 1” (hip-hop); oddest: “Song 3” (country).")


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, ""),
        (
            {"count": 97, "read": 97, "unmeasured": 86, "unasked": 3},
            "From 8 of 97 songs: my sources don't know 86 and 3 could not be looked up this time.",
        ),
        ({"count": 9, "read": 9, "unmeasured": 1}, "From 8 of 9 songs: my sources don't know 1."),
        (
            {"count": 2400, "read": 100, "unmeasured": 92},
            "From 8 of 2,400 songs: my sources don't know 92 and I read the first 100 only.",
        ),
    ],
)
def test_gaps_say_what_is_left_out_and_why(fields: dict[str, int], expected: str) -> None:
    assert collections.gaps(summary(**fields)) == expected


def test_small_print_names_sources_model_and_a_search_by_title() -> None:
    found = summary(sources=("reccobeats", "sample"), found_by_title=True)
    assert collections.small_print(found) == (
        "Features from ReccoBeats and the built-in sample of famous songs. "
        "Songs found on Deezer by the title. Model: wide 1a2b3c4d."
    )
    assert "Deezer" not in collections.small_print(summary())


def test_choice_names_number_title_and_genre_of_a_song() -> None:
    assert collections.pick_label(listed(3)) == "3. Song 3: hip-hop 62 %"


def test_progress() -> None:
    assert collections.progress(ALBUM, 0, 0) == "Reading the album…"
    assert collections.progress(PLAYLIST, 40, 97) == "Reading the playlist: 40 of 97 songs…"
    assert collections.progress(ARTIST, 0, 1) == "Reading the artist's top songs: 0 of 1 song…"


def test_mean_has_its_spread_and_unit_unless_there_is_one_song() -> None:
    means = {"tempo": 118.2, "duration_ms": 187_000.0, "energy": 0.5}
    spread = {"tempo": 12.0, "duration_ms": 31_000.0, "energy": 0.0}
    many = summary(features=means, spread=spread)
    values = [collections.format_mean(many, name) for name in means]
    assert values == ["118 ± 12 BPM", "3:07 ± 0:31", "0.50 ± 0.00"]
    assert collections.format_mean(summary(1, features={"tempo": 118.2}), "tempo") == "118 BPM"


def test_alternative_text_says_what_the_chart_shows() -> None:
    found = collections.alt(summary())
    assert found.startswith(
        "7 EP \N{EN DASH} Lil Nas X, album of 8 songs. Shares of the genres: hip-hop 61 %,"
    )
    assert "against the typical hip-hop song: danceability 0.88 ± 0.09, energy" in found
    assert found.endswith("Tempo 136 ± 14 BPM.")


def test_plain_text_holds_everything() -> None:
    found = summary(3, count=4, read=4, unmeasured=1)
    lines = collections.plain_text(found).splitlines()
    for line in (
        collections.headline(found),
        str(found.url),
        collections.sentence(found),
        collections.gaps(found),
        collections.small_print(found),
        *(f"  {collections.pick_label(one)}" for one in found.tracks),
        "  Danceability  0.88 ± 0.09",
    ):
        assert line in lines


def test_short_text_has_no_empty_lines() -> None:
    found = summary(url=None)
    expected = [collections.headline(found), collections.sentence(found)]
    assert collections.short_text(found).splitlines() == expected


def test_title_of_a_song_cannot_break_a_line() -> None:
    broken = replace(listed(3), track=track(title="a\nb"))
    tracks = (listed(1), listed(2), broken)
    assert "oddest: “a b” (hip-hop)." in collections.sentence(summary(tracks=tracks))


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (CollectionNotFound(ALBUM), "I can't find that album on Deezer. Check the link?"),
        (
            CollectionUnreadable(SPOTIFY_PLAYLIST),
            f"I can't read that playlist on Spotify. {ADVICE}",
        ),
        (
            CollectionUnreadable(SPOTIFY_PLAYLIST, "Chill"),
            f"I can't read the playlist “Chill” on Spotify. {ADVICE}",
        ),
        (
            CollectionUnreadable(SPOTIFY_ALBUM, "Hits"),
            f"I can't read “Hits” on Spotify, nor tell which album it is on Deezer. {ADVICE}",
        ),
        (
            CollectionUnreadable(SPOTIFY_ARTIST, "\u200b"),
            f"I can't read that artist on Spotify. {ADVICE}",
        ),
    ],
)
def test_failure_says_what_to_do(
    error: CollectionNotFound | CollectionUnreadable, expected: str
) -> None:
    assert texts.failure(error) == expected


def test_every_kind_of_collection_has_its_words() -> None:
    kinds = set(SubjectKind) - {SubjectKind.TRACK}
    assert set(collections.LOOKING_UP) == kinds
