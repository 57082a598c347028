"""Searches as people type them."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.song_names import MAX_LENGTH
from bot.domain.song_query import MAX_READINGS, MAX_WORDS, Reading, SongQuery
from bot.domain.versions import Version


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("Oasis - Wonderwall", [("oasis", "wonderwall"), ("wonderwall", "oasis")]),
        ("Oasis \N{EM DASH} Wonderwall", [("oasis", "wonderwall"), ("wonderwall", "oasis")]),
        ("wonderwall by Oasis", [("wonderwall", "oasis")]),
        ("“Wonderwall” Oasis", [("wonderwall", "oasis")]),
        ("「夜に駆ける」 YOASOBI", [("夜に駆ける", "yoasobi")]),
        ("Wonderwall - Remastered", []),
        ("Wonderwall - Live", []),
        ("oasis wonderwall", []),
        ("Hey Jude by The Beatles", [("hey jude", "beatles")]),
        ("Crazy in Love (feat. Jay-Z) - Beyoncé", [("crazy in love", "beyonce")]),
        ("Crazy in Love ft. Jay-Z - Beyoncé", [("crazy in love", "beyonce")]),
        ("Jay-Z - 99 Problems", [("99 problems", "jay z")]),
        ("Hotel California (2013 Remaster) - Eagles", [("hotel california", "eagles")]),
    ],
)
def test_readings_of_title_and_artist(text: str, readings: list[tuple[str, str]]) -> None:
    found = SongQuery.parse(text).readings
    assert {(one.title, one.artist) for one in found} >= set(readings)
    assert len(found) == 1 or readings
    assert found[-1].artist is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("wonderwall by oasis", "wonderwall oasis"),
        ("Oasis - Wonderwall (Official Video) [HD]", "oasis wonderwall"),
        ("Wonderwall (Remastered 2014)", "wonderwall"),
        ("Crazy in Love (feat. Jay-Z) Beyoncé", "crazy in love beyonce"),
        ("Old Town Road ft. Billy Ray Cyrus", "old town road"),
        ("wonderwall (live version) oasis", "wonderwall oasis live"),
        ("wonderwall karaoke version", "wonderwall karaoke"),
        ("Don't You (Forget About Me)", "dont you forget about me"),
        ("audio", "audio"),
        ("???", "???"),
        (" \t\n", ""),
    ],
)
def test_words_to_search_for(text: str, words: str) -> None:
    assert SongQuery.parse(text).words == words


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("wonderwall live", Version.LIVE),
        ("wonderwall (Karaoke)", Version.KARAOKE),
        ("wonderwall 8d", Version.EIGHT_D),
        ("wonderwall sped up", Version.SPED_UP),
        ("wonderwall nightcore", Version.SPED_UP),
        ("wonderwall acoustic", Version.ACOUSTIC),
        ("wonderwall remix", Version.REMIX),
    ],
)
def test_versions_that_are_asked_for(text: str, version: Version) -> None:
    query = SongQuery.parse(text)
    assert query.versions == {version}
    assert ("wonderwall",) in query.spellings
    assert query.readings == (Reading("wonderwall"),)


def test_parts_are_searched_for_if_a_word_may_be_misspelt() -> None:
    parts = [one.text for one in SongQuery.parse("bohemian rapsody queen").relaxed]
    assert "queen" in parts  # without the mistake
    assert "bohemian queen" in parts
    assert [q.text for q in SongQuery.parse("wonderwal - oasis").relaxed] == ["wonderwal", "oasis"]
    assert SongQuery.parse("wonderwall").relaxed == ()
    assert SongQuery.parse("夜に駆けるyoasobi").relaxed == (SongQuery("夜に駆ける yoasobi"),)


@given(st.text() | st.text(alphabet='ab -()[]"by.ft', max_size=80))
@example("- by - by - ")
@example('"" by ""')
@example("feat. feat. (with")
def test_every_text_has_a_bounded_number_of_words_and_readings(text: str) -> None:
    query = SongQuery.parse(text)
    assert len(query.readings) <= MAX_READINGS
    assert all(reading.title for reading in query.readings)
    assert all(0 < len(words) <= MAX_WORDS for words in query.spellings)
    assert bool(query.words) == bool(query.readings)
    assert all(part.words for part in query.relaxed)


@pytest.mark.parametrize("length", [300, 100_000])
@pytest.mark.parametrize(
    "unit", ["a ", "(", " - ", ' by "', "feat. ", "live ", "ä", "20", "from a "]
)
def test_long_texts_take_no_longer(unit: str, length: int) -> None:
    start = time.process_time()
    query = SongQuery((unit * length)[:length])
    assert query.readings is not None
    assert query.relaxed is not None
    assert len(query.words) <= MAX_LENGTH
    assert all(len(words) <= MAX_WORDS for words in query.spellings)
    assert time.process_time() - start < 0.2
