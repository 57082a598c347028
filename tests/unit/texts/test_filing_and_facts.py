"""Where a track is filed, and its facts, in words."""

import pytest

from bot import texts
from bot.domain.cards import Answer
from bot.domain.filing import Agreement, FiledUnder
from bot.domain.statistics import WorkspaceStats
from bot.domain.tracks import AudioFeatures
from bot.texts.facts import camelot, key
from model.verdicts import Verdict
from tests.support.factories import VALUES, answer, prediction, track

MAJOR = ("8B", "3B", "10B", "5B", "12B", "7B", "2B", "9B", "4B", "11B", "6B", "1B")
MINOR = ("5A", "12A", "7A", "2A", "9A", "4A", "11A", "6A", "1A", "8A", "3A", "10A")
"""Camelot codes of the keys from C to B."""


def filed(*genres: str, verdict: Verdict = Verdict.PLAIN, source: str = "musicbrainz") -> Answer:
    """Return an answer that sounds like country, then rock, then metal."""
    return answer(prediction=prediction("country", verdict), filed_under=FiledUnder(genres, source))


def test_unknown_filing_is_said_in_the_small_print_alone() -> None:
    assert texts.filed_under(answer()) == ""
    assert "Not known where it is filed." in texts.small_print(answer())
    assert "Filed" not in texts.plain_text(answer())


@pytest.mark.parametrize(
    ("source", "name"),
    [("musicbrainz", "MusicBrainz"), ("tables", "the training tables"), ("other", "other")],
)
def test_small_print_names_who_files_it(source: str, name: str) -> None:
    assert f"Filed by {name}." in texts.small_print(filed("folk", source=source))


def test_alternative_text_has_the_filed_genres_and_their_bars() -> None:
    text = texts.alt(filed("reggae"))
    assert "Filed under reggae." in text
    assert "reggae 3 %" in text


def test_plain_text_has_a_bar_for_a_filed_genre() -> None:
    lines = texts.plain_text(filed("reggae")).splitlines()
    (line,) = (one for one in lines if "(filed)" in one)
    assert line.startswith("  reggae        3 % ")
    assert line.endswith("  (filed)")
    assert "reggae" not in texts.plain_text(answer())
    assert "(filed)" not in texts.plain_text(answer())


def test_facts_are_tempo_key_length_and_year() -> None:
    found = answer(subject=track(year=2019))
    assert texts.facts(found) == "136 BPM · F♯ major (2B) · 2:37 · 2019"
    assert texts.facts(found) in texts.plain_text(found)


def test_unknown_facts_are_left_out() -> None:
    values = {name: VALUES[name] for name in ("energy", "key")}
    some = answer(features=AudioFeatures.from_source(values, "x"))
    assert texts.facts(some) == "F♯"
    none = answer(features=AudioFeatures.from_source({"energy": 0.5}, "x"))
    assert texts.facts(none) == ""
    assert "\n\n\n" not in texts.plain_text(none)


def test_length_of_the_track_is_a_fact_if_it_is_no_feature() -> None:
    found = answer(subject=track(duration_ms=61_000), features=AudioFeatures.from_source({}, "x"))
    assert texts.facts(found) == "1:01"


def test_doubtful_tempo_is_said() -> None:
    slow = answer(features=AudioFeatures.from_source({"tempo": 71.2}, "x"))
    assert texts.facts(slow) == "71 BPM, perhaps 142"
    assert texts.facts(answer(), [68.0]).startswith("136 BPM, perhaps 68 ·")


@pytest.mark.parametrize("pitch", range(12))
def test_every_key_has_its_camelot_code(pitch: int) -> None:
    assert camelot(pitch, major=True) == MAJOR[pitch]
    assert camelot(pitch, major=False) == MINOR[pitch]


@pytest.mark.parametrize(
    ("filed", "apart", "sentence"),
    [
        ({}, (), None),
        ({"agrees": 1}, (), "Sound and filed genre agree on 1 of 1 song."),
        (
            {"agrees": 31, "partly": 5, "disagrees": 4},
            (("country", "hip-hop", 3), ("folk", "pop", 1)),
            (
                "Sound and filed genre agree on 31 of 40 songs and partly on 5; most often apart: "
                "country, sounds like hip-hop (3); folk, sounds like pop (1)."
            ),
        ),
        (
            {"disagrees": 2},
            (("country", "hip-hop", 2),),
            (
                "Sound and filed genre agree on 0 of 2 songs; most often apart: "
                "country, sounds like hip-hop (2)."
            ),
        ),
    ],
)
@pytest.mark.parametrize("votes", [0, 3])
def test_statistics_say_how_sound_and_filed_genre_agree(
    filed: dict[str, int],
    apart: tuple[tuple[str, str, int], ...],
    sentence: str | None,
    votes: int,
) -> None:
    counts = {Agreement(name): count for name, count in filed.items()}
    stats = WorkspaceStats(9, 9, votes, 0, (), {"rock": 9}, {}, counts, apart)
    lines = [line for line in texts.stats(stats).splitlines() if "filed" in line]
    assert lines == ([sentence] if sentence else [])


def test_minor_key() -> None:
    assert key(9, 0) == "A minor (8A)"
