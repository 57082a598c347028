"""The sentences: short, exact, and there for everything that can happen."""

import pytest

from bot import texts
from bot.domain.errors import (
    FeaturesUnknown,
    Forbidden,
    ModelUnusable,
    NoTrackLink,
    SoundslikeError,
    StorageFailed,
    TrackNotFound,
    Unavailable,
    UnknownCard,
    UnknownGenre,
)
from bot.domain.tracks import AudioFeatures
from bot.domain.votes import Ballot, RecordedVote, Selection, VoteKind
from model.classifier import Reason, Verdict
from model.schema import NAMES
from tests.support.factories import VALUES, answer, prediction, track


@pytest.mark.parametrize(
    ("probability", "written"),
    [(0, "0 %"), (1e-9, "< 1 %"), (0.004, "< 1 %"), (0.005, "< 1 %"), (0.006, "1 %"), (0.5, "50 %"),
     (0.994, "99 %"), (0.9999, "> 99 %"), (1, "100 %")],
)  # fmt: skip
def test_a_probability_is_a_whole_percentage(probability: float, written: str) -> None:
    assert texts.percent(probability) == written


@pytest.mark.parametrize(
    ("feature", "value", "written"),
    [
        ("energy", 0.617, "0.62"),
        ("tempo", 136.04, "136 BPM"),
        ("loudness", -5.56, "-5.6 dB"),
        ("key", 6.0, "F♯"),
        ("mode", 1.0, "major"),
        ("mode", 0.0, "minor"),
        ("duration_ms", 157067, "2:37"),
        ("duration_ms", 59999, "1:00"),
    ],
)
def test_a_figure_has_its_unit(feature: str, value: float, written: str) -> None:
    assert texts.format_feature(feature, value) == written


@pytest.mark.parametrize("feature", NAMES)
def test_every_feature_can_be_a_reason_either_way(feature: str) -> None:
    low, high = (1.0, 2.0) if feature != "mode" else (0.0, 1.0)
    more, less = (texts.reason(Reason(feature, v, t, 1)) for v, t in ((high, low), (low, high)))
    assert more
    assert less
    assert more != less


def test_why_is_one_sentence_with_the_figures() -> None:
    assert texts.why(answer()) == (
        "Why: easier to dance to (danceability 0.88, usually 0.60) "
        "and more spoken words (speech 0.10, usually 0.05)."
    )


def test_without_reasons_nothing_is_said() -> None:
    assert texts.why(answer(reasons=())) == ""


def test_each_verdict_says_how_surely() -> None:
    said = {
        verdict: texts.verdict(answer(prediction=prediction(verdict=verdict)))
        for verdict in Verdict
    }
    assert said[Verdict.CLEAR] == "Sounds like country."
    assert "would not bet" in said[Verdict.CLOSE]
    assert "rock" in said[Verdict.CLOSE]
    assert "guess" in said[Verdict.UNSURE]


def test_a_track_known_by_its_id_alone_is_still_named() -> None:
    nameless = track(title="", artists=())
    assert texts.headline(nameless) == f"Track {nameless.id}"


def test_the_small_print_names_source_what_is_missing_and_the_model() -> None:
    values = {name: VALUES[name] for name in ("energy", "tempo", "valence", "liveness")}
    small = texts.small_print(
        answer(
            features=AudioFeatures.from_source(values, "sample"),
            prediction=prediction().__class__({"rock": 1.0}, Verdict.CLEAR, ("key", "mode")),
        )
    )
    assert "sample" in small
    assert "key and mode" in small
    assert "wide 1a2b3c4d" in small


def test_the_alternative_text_says_what_the_picture_shows() -> None:
    said = texts.alt(answer())
    for part in ("Old Town Road", "country 64 %", "typical country", "energy 0.62", "136 BPM"):
        assert part in said


def test_the_plain_card_holds_every_part() -> None:
    said = texts.plain_text(answer())
    for part in ("Lil Nas X", "https://", "Sounds like", "64 %", "Why:", "Tempo", "Model:"):
        assert part in said


@pytest.mark.parametrize(
    "error",
    [
        NoTrackLink(),
        NoTrackLink("album"),
        NoTrackLink("short"),
        TrackNotFound(),
        FeaturesUnknown(),
        FeaturesUnknown("Heroes"),
        Unavailable("x", "secret detail"),
        Unavailable("x", "y", retry_after=30),
        Unavailable("x", "y", retry_after=600),
        Unavailable("x", "y", retry_after=86400),
        Forbidden("x", "y"),
        StorageFailed("/var/secret/path is no database"),
        UnknownCard(),
        UnknownGenre(),
        SoundslikeError(),
        ModelUnusable("there is no model 'x'; there are: wide"),
    ],
    ids=lambda error: f"{type(error).__name__}",
)
def test_every_error_has_one_kind_sentence(error: SoundslikeError) -> None:
    sentence = texts.failure(error)
    assert 10 < len(sentence) < 200
    assert "secret" not in sentence
    assert "Error" not in sentence


def test_how_long_to_wait_is_said_in_words() -> None:
    said = [texts.failure(Unavailable("x", "y", s)) for s in (None, 30, 600, 86400)]
    assert "in a minute" in said[0]
    assert "10 minutes" in said[2]
    assert "hour" in said[3]


def test_a_receipt_names_the_vote_that_counts() -> None:
    jazz = Selection(1, VoteKind.CHOICE, "jazz")
    assert texts.receipt(RecordedVote(Ballot((jazz,)))) == "Your vote: jazz. Thank you!"
    assert "Taken back" in texts.receipt(RecordedVote(Ballot(), (jazz,)))
    assert texts.receipt(RecordedVote(Ballot())) == texts.NO_VOTE


def test_a_list_reads_as_people_write_it() -> None:
    assert [texts.and_list("abc"[:n]) for n in range(4)] == ["", "a", "a and b", "a, b and c"]
