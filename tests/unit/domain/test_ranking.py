"""Which of the recordings that sources found is meant."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.ranking import Matches, choose, rank, suggestions
from bot.domain.replies import MAX_CHOICES
from bot.domain.song_query import SongQuery
from bot.domain.text import is_visible
from bot.domain.tracks import Track


def named(title: str, *artists: str, **fields: object) -> Track:
    return Track(title=title, artists=artists, **fields)  # type: ignore[arg-type]


OASIS = [
    named("Wonderwall (Karaoke Version) [Originally Performed by Oasis]", "Zoom Karaoke"),
    named("Wonderwall", "Ryan Adams"),
    named("Wonderwall (Sped Up)", "Oasis"),
    named("Wonderwall - Remastered", "Oasis"),
    named("Wonderwall (Live at Knebworth)", "Oasis"),
    named("Wonderwall (8D)", "8D Tunes"),
    named("Wonderwall", "The Oasis Tribute Band"),
    named("Live Forever (Live)", "Oasis"),
    named("Live Forever", "Oasis"),
    named("Supersonic", "Oasis"),
    named("Oasis", "Someone Else"),
]
"""Results in a source's order, in which other versions are more popular than the original."""

OTHERS = [
    named("Hello", "Adele"),
    named("Hello", "Lionel Richie"),
    named("Love Story (Taylor\N{RIGHT SINGLE QUOTATION MARK}s Version)", "Taylor Swift"),
    named("Love Story", "Taylor Swift"),
    named("Crazy In Love (feat. Jay-Z)", "Beyoncé"),
    named("Take Me Home, Country Roads", "John Denver"),
    named("No Woman, No Cry", "Bob Marley & The Wailers"),
    named("夜に駆ける", "YOASOBI"),
    named("Звезда по имени Солнце", "Кино"),
    named("좋은 날", "아이유"),
    named("तुम ही हो", "अरिजीत सिंह"),
    named("Queen", "G-Eazy"),
]


def search(text: str, *found: list[Track]) -> Matches:
    return choose(rank(SongQuery.parse(text), found or (OASIS, OTHERS)))


@pytest.mark.parametrize(
    ("text", "title", "artist"),
    [
        ("wonderwall", "Wonderwall - Remastered", "Oasis"),
        ("oasis wonderwall", "Wonderwall - Remastered", "Oasis"),
        ("wonderwal oasis", "Wonderwall - Remastered", "Oasis"),
        ("Wonderwall - Remastered", "Wonderwall - Remastered", "Oasis"),
        ("wonderwall by oasis", "Wonderwall - Remastered", "Oasis"),
        ("wonder wall oasis", "Wonderwall - Remastered", "Oasis"),
        ("wonderwalloasis", "Wonderwall - Remastered", "Oasis"),
        ("taylorswiftlovestory", "Love Story", "Taylor Swift"),
        ("wonderwall ryan adams", "Wonderwall", "Ryan Adams"),
        ("wonderwall live", "Wonderwall (Live at Knebworth)", "Oasis"),
        ("oasis wonderwall (live)", "Wonderwall (Live at Knebworth)", "Oasis"),
        ("wonderwall sped up", "Wonderwall (Sped Up)", "Oasis"),
        ("wonderwall 8d oasis", "Wonderwall (8D)", "8D Tunes"),
        ("wonderwall karaoke oasis", OASIS[0].title, "Zoom Karaoke"),
        ("wonderwall oasis tribute", "Wonderwall", "The Oasis Tribute Band"),
        ("live forever", "Live Forever", "Oasis"),
        ("live forever live", "Live Forever (Live)", "Oasis"),
        ("hello adele", "Hello", "Adele"),
        ("hello - lionel richie", "Hello", "Lionel Richie"),
        ("love story taylor swift", "Love Story", "Taylor Swift"),
        ("love story taylors version", OTHERS[2].title, "Taylor Swift"),
        ("crazy in love feat. jay-z - beyonce", "Crazy In Love (feat. Jay-Z)", "Beyoncé"),
        ("crazy in love jay z beyonce", "Crazy In Love (feat. Jay-Z)", "Beyoncé"),
        ("country roads john denver", "Take Me Home, Country Roads", "John Denver"),
        ("bob marly no woman no cry", "No Woman, No Cry", "Bob Marley & The Wailers"),
        ("bob marley no woman no cry", "No Woman, No Cry", "Bob Marley & The Wailers"),
        ("夜に駆けるyoasobi", "夜に駆ける", "YOASOBI"),
        ("кино звезда по имени солнце", "Звезда по имени Солнце", "Кино"),
        ("아이유 좋은날", "좋은 날", "아이유"),
        ("तुम ही हो", "तुम ही हो", "अरिजीत सिंह"),
    ],
)
def test_the_song_that_is_meant(text: str, title: str, artist: str) -> None:
    best = search(text).best
    assert best is not None
    assert (best.title, best.artists[0]) == (title, artist)


def test_songs_of_the_same_name_are_offered() -> None:
    matches = search("hello")
    assert matches.best is None
    assert [track.artists[0] for track in matches.close] == ["Adele", "Lionel Richie"]


def test_an_artist_alone_offers_songs_by_the_artist() -> None:
    matches = search("oasis", OASIS)
    assert matches.best is None
    titles = [track.title for track in matches.close]
    assert titles[:3] == ["Wonderwall - Remastered", "Live Forever", "Supersonic"]
    assert len(titles) <= MAX_CHOICES


@pytest.mark.parametrize("text", ["bicycle race", "q", "wall", "???", "the", "hello metallica"])
def test_nothing_similar_is_no_match(text: str) -> None:
    assert search(text) == Matches()


def test_a_doubtful_match_is_offered_and_not_taken() -> None:
    matches = search("wonderful oasys", OASIS)
    assert matches.best is None
    assert not matches.is_sure
    assert matches.close[0].title == "Wonderwall - Remastered"


def test_karaoke_alone_is_no_answer_unless_asked_for() -> None:
    assert search("wonderwall", OASIS[:1]) == Matches(close=(OASIS[0],))
    assert search("wonderwall karaoke", OASIS[:1]).best == OASIS[0]


def test_the_only_version_of_a_song_is_taken() -> None:
    remix = named("Old Town Road - Remix", "Lil Nas X")
    matches = search("old town road lil nas x", [remix])
    assert matches.best == remix
    assert not matches.is_sure  # other sources may know the original


def test_mentions_of_a_recording_are_merged() -> None:
    deezer = [named("Hello", "Adele", deezer_id="1", isrc="GB1", duration_ms=295_000)]
    other = [
        named("Hello", "Adele", spotify_id="a" * 22, isrc="GB1"),
        named("Hello", "Adele", musicbrainz_id="m", duration_ms=296_000),
        named("Hello", "Adele", year=1999, duration_ms=100_000),
    ]
    (found,) = rank(SongQuery.parse("hello"), [deezer, other])
    expected = named(
        "Hello",
        "Adele",
        deezer_id="1",
        isrc="GB1",
        spotify_id="a" * 22,
        musicbrainz_id="m",
        duration_ms=295_000,
    )
    assert found.track == expected  # the short one is another recording: its year is not taken


def test_one_recording_under_two_names_is_found_by_its_isrc() -> None:
    one, other = named("Hello", "Adele", isrc="GB1"), named("Bonjour", "Adèle", isrc="GB1")
    assert len(rank(SongQuery.parse("hello"), [[one], [other]])) == 1


def test_the_sources_order_decides_between_equal_matches() -> None:
    songs = [named("Hello", f"Artist {letter}") for letter in "ABCDEFGH"]
    assert search("hello", songs).close == tuple(songs[:MAX_CHOICES])


def test_a_song_that_sources_agree_on_is_taken() -> None:
    one, other = named("Hello", "Adele"), named("Hello", "Lionel Richie")
    matches = search("hello", [one, other], [one], [one])
    assert matches.best == one


def test_covers_that_name_an_artist_tell_whose_song_it_is() -> None:
    songs = [named("Hello", "Adele"), named("Hello", "Lionel Richie")]
    covers = [named("Hello (Originally Performed by Adele)", f"Band {n}") for n in range(3)]
    assert search("hello", [*songs, *covers]).best == songs[0]


def test_suggestions_keep_the_sources_order_with_other_versions_last() -> None:
    found = suggestions(SongQuery.parse("wonderw"), [OASIS[:5]])
    assert [track.artists[0] for track in found] == [
        "Ryan Adams",
        "Oasis",
        *["Zoom Karaoke"],
        *["Oasis"] * 2,
    ]
    assert found[1].title == "Wonderwall - Remastered"


@pytest.mark.parametrize("typed", ["wond", "the won", "oasis wo"])
def test_suggested_songs_whose_names_begin_with_the_words_come_first(typed: str) -> None:
    similar = [named("Superstition", "Stevie Wonder"), named("What A Wonderful World", "Oas")]
    found = suggestions(SongQuery.parse(typed), [similar, [named("Wonderwall", "Oasis")]])
    assert found[0].title == "Wonderwall"
    assert len(found) == 3


names = st.text(max_size=40).filter(is_visible) | st.sampled_from(
    ["Wonderwall", "Oasis", "Wonderwall (Live)", "a"]
)
tracks = st.builds(named, names, names, isrc=st.sampled_from([None, "A", "B"]))


@settings(deadline=None)
@given(names, st.lists(st.lists(tracks, max_size=8), max_size=3))
def test_ranking_returns_recordings_of_the_sources_and_none_twice(
    text: str, found: list[list[Track]]
) -> None:
    ranked = rank(SongQuery.parse(text), found)
    given_names = {(track.title, track.artists) for some in found for track in some}
    shown = [(one.track.title, one.track.artists) for one in ranked]
    assert set(shown) <= given_names
    assert len(shown) == len(set(shown)) or len({t.isrc for s in found for t in s}) > 1
    matches = choose(ranked)
    assert not (matches.best and matches.close)
    assert all(any(t is one.track for one in ranked) for t in matches.close)


@pytest.mark.parametrize("length", [300, 100_000])
def test_ranking_takes_bounded_time(length: int) -> None:
    text = ("wonder wall " * length)[:length]
    long = [named(f"{text}{n}", text) for n in range(25)]
    search("warm up", OASIS)
    start = time.process_time()
    search(text, long, long)
    assert time.process_time() - start < 0.5
