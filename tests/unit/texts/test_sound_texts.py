"""What is said of a sound: verdict, opinion, facts, small print."""

from dataclasses import replace

import pytest

from bot import texts
from bot.domain.cards import Answer
from bot.domain.filing import FiledUnder
from bot.domain.tracks import AudioFeatures, Track
from model.sound.heard import Heard
from model.sound.tag_genres import tag_genres
from model.verdicts import Verdict
from tests.support.factories import VALUES, answer, prediction, sound_answer, track
from tests.support.fake_listener import heard

TOLD = {"rock": 0.6} | dict.fromkeys(tag_genres().told[1:], 0.04)
"""Probabilities of all genres that can be told from sound."""


def both(best: str, verdict: Verdict, sound: Heard) -> Answer:
    """Return an answer by features, with what was heard besides."""
    return replace(answer(prediction=prediction(best, verdict)), heard=sound)


def lines(found: Answer) -> list[str]:
    return texts.plain_text(found).splitlines()


@pytest.mark.parametrize(
    ("verdict", "sentence"),
    [
        (Verdict.PLAIN, "Sounds like rock, judged from the sound alone."),
        (Verdict.EITHER, "Leans rock (60 %), then metal, judged from the sound alone."),
        (Verdict.UNSURE, "Hard to say by ear: rock, metal, pop."),
    ],
)
def test_verdict_of_the_sound_alone_says_so(verdict: Verdict, sentence: str) -> None:
    found = sound_answer(verdict=verdict)
    assert texts.verdict(found) == sentence
    assert sentence in lines(found)
    assert texts.sound_opinion(found) == ""


@pytest.mark.parametrize(
    ("best", "verdict", "sound", "sentence"),
    [
        ("rock", "plain", heard(verdict=Verdict.PLAIN), "Its sound agrees."),
        ("rock", "either", heard(), "Its sound agrees."),
        ("rock", "plain", heard(), "Its sound agrees: rock or metal."),
        (
            "country",
            "either",
            heard(genres={"folk": 0.6, "rock": 0.4}),
            "Its sound agrees in part: folk or rock.",
        ),
        (
            "country",
            "plain",
            heard(genres=TOLD, verdict=Verdict.PLAIN),
            "Its sound says rock.",
        ),
        (
            "latin",
            "plain",
            heard(genres=TOLD, verdict=Verdict.PLAIN),
            "Its sound says rock, but I can't tell latin by ear.",
        ),
        ("rock", "plain", heard(verdict=Verdict.UNSURE), "By ear it is hard to say."),
        ("rock", "unsure", heard(verdict=Verdict.PLAIN), "Its sound says rock."),
        ("latin", "unsure", heard(verdict=Verdict.PLAIN), "Its sound says rock."),
        ("rock", "unsure", heard(), "Its sound says rock or metal."),
    ],
)
def test_opinion_of_the_sound_beside_that_of_the_features(
    best: str, verdict: str, sound: Heard, sentence: str
) -> None:
    found = both(best, Verdict(verdict), sound)
    assert texts.sound_opinion(found) == sentence
    assert sentence in lines(found)


def test_without_a_sound_nothing_is_said_of_it() -> None:
    assert texts.sound_opinion(answer()) == texts.heard_line(answer()) == ""
    assert "Heard" not in texts.plain_text(answer())
    assert "sound" not in texts.plain_text(answer())


@pytest.mark.parametrize("found", [sound_answer(), both("rock", Verdict.PLAIN, heard())])
def test_what_is_heard_is_said_in_words(found: Answer) -> None:
    assert "Heard: classic rock, 70s, guitar." in lines(found)


@pytest.mark.parametrize(
    ("tags", "sentence"),
    [
        ({"no vocals": 0.9, "guitar": 0.6}, "Heard: guitar; no vocals."),
        ({"female vocals": 0.9}, "Heard: female vocals."),
        ({"rock": 0.06}, ""),
        ({"a word of another tagger": 0.9}, ""),
    ],
)
def test_words_worth_saying_are_said_and_vocals_apart(
    tags: dict[str, float], sentence: str
) -> None:
    found = sound_answer(tags=tags)
    assert texts.heard_line(found) == sentence
    assert ("Heard: " in texts.alt(found)) == bool(sentence)


def test_without_tags_no_line_says_what_is_heard() -> None:
    found = sound_answer(tags={}, embedding=b"")
    assert texts.heard_line(found) == ""
    assert "\n\n\n" not in texts.plain_text(found)


@pytest.mark.parametrize(
    ("measured", "facts"),
    [
        ({}, "About 120 BPM · perhaps in A minor · 3:35"),
        ({"other_tempo": 60.2}, "About 120 BPM, perhaps 60 · perhaps in A minor · 3:35"),
        ({"tempo": None}, "Perhaps in A minor · 3:35"),
        ({"tempo": None, "key": "F# major"}, "Perhaps in F♯ major · 3:35"),
        ({"tempo": None, "key": "Bb minor"}, "Perhaps in B♭ minor · 3:35"),
        ({"tempo": None, "key": None, "duration": 7200.2}, "2:00:00"),
        ({"tempo": None, "key": None}, "3:35"),
    ],
)
def test_measured_facts_are_said_with_their_doubt(measured: dict[str, None], facts: str) -> None:
    found = sound_answer(**measured)
    assert texts.facts(found) == facts
    assert facts in lines(found)


def test_facts_of_the_features_come_before_those_of_the_sound() -> None:
    found = both("rock", Verdict.PLAIN, heard())
    assert texts.facts(found) == texts.facts(answer())
    energy = AudioFeatures.from_source({"energy": 0.5}, "reccobeats")
    assert texts.facts(replace(found, features=energy)) == "About 120 BPM · perhaps in A minor"


def test_tempo_of_the_sound_casts_doubt_on_that_of_the_features() -> None:
    assert VALUES["tempo"] == 136
    found = both("rock", Verdict.PLAIN, heard(tempo=68.0))
    assert texts.facts(found).startswith("136 BPM, perhaps 68 ·")


def test_length_of_a_preview_is_not_that_of_the_track() -> None:
    preview = sound_answer(track(), duration=30.0)
    assert "0:30" not in texts.facts(preview)
    assert "3:20" in texts.facts(replace(preview, subject=track(duration_ms=200_000)))


def test_small_print_of_a_file() -> None:
    small = texts.small_print(sound_answer())
    assert small == (
        "Heard 30 s of 3:35. Loudness \u22129.5 LUFS. I can't recognise latin or reggae by ear. "
        "Neither the file nor its name is kept, and nothing is learned from it. Model: musicnn 1."
    )


def test_small_print_of_a_file_of_ones_own_says_what_is_kept() -> None:
    small = texts.small_print(sound_answer(Track(title="A Song", sound_id="d" * 32)))
    assert "The sound is not kept; what was heard is, on this computer." in small
    assert "nothing is learned" not in small


def test_small_print_of_a_short_file() -> None:
    small = texts.small_print(sound_answer(seconds=24.6, duration=24.7, loudness=None))
    assert small.startswith("Heard in full. I can't")


def test_small_print_of_a_preview() -> None:
    found = sound_answer(track(), duration=30.0)
    small = texts.small_print(found)
    assert small.startswith(
        "No figures of this song are known. Heard a preview of 30 s. Loudness \u22129.5 LUFS. Not"
    )
    assert "not kept" not in small
    filed = replace(found, filed_under=FiledUnder(("pop",), "musicbrainz"))
    assert "Filed by MusicBrainz." in texts.small_print(filed)
    assert "Not known where" not in texts.small_print(filed)


def test_small_print_of_features_names_both_models() -> None:
    small = texts.small_print(both("rock", Verdict.PLAIN, heard()))
    assert "Heard a preview of 30 s." in small
    assert small.endswith("Model: wide 1a2b3c4d. Of the sound: musicnn 1.")


@pytest.mark.parametrize(
    ("genres", "sentence"),
    [
        (("rock", "latin"), "I can't recognise reggae by ear."),
        (("reggae", "rock"), "I can't recognise latin by ear."),
        (("reggae", "latin"), ""),
    ],
)
def test_genres_that_can_be_told_are_not_said_to_be_beyond_it(
    genres: tuple[str, ...], sentence: str
) -> None:
    small = texts.small_print(sound_answer(genres=dict.fromkeys(genres, 0.5)))
    assert small.count("can't recognise") == bool(sentence)
    assert sentence in small


def test_alternative_text_describes_the_chart_of_a_sound() -> None:
    assert texts.alt(sound_answer(other_tempo=60.2)) == (
        "Your sound file. Genres: rock 60 %, metal 25 %, pop 15 %. "
        "Heard: classic rock, 70s, guitar."
    )
    bare = sound_answer(tags={}, tempo=None, key=None, loudness=None)
    assert texts.alt(bare) == "Your sound file. Genres: rock 60 %, metal 25 %, pop 15 %."


def test_file_without_artists_is_named_by_its_title() -> None:
    assert texts.headline(sound_answer().subject) == "Your sound file"
    assert texts.headline(Track(title="", sound_id="0")) == "(no title)"
    assert texts.sound_title(2) == "Your sound file 2"
