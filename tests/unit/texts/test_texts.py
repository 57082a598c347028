"""Texts of cards, errors and votes."""

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
from bot.domain.music_services import MusicService
from bot.domain.sanitize import MAX_NAME_LENGTH
from bot.domain.statistics import WorkspaceStats
from bot.domain.tracks import AudioFeatures
from bot.domain.votes import Ballot, RecordedVote, Selection, VoteKind
from bot.texts import services
from model.classifier import Prediction
from model.subgenres import Subgenre
from model.verdicts import Verdict
from tests.support.factories import answer, prediction, track


@pytest.mark.parametrize(
    ("probability", "expected"),
    [(0, "0 %"), (1e-9, "< 1 %"), (0.004, "< 1 %"), (0.005, "< 1 %"), (0.006, "1 %"), (0.5, "50 %"),
     (0.994, "99 %"), (0.9999, "> 99 %"), (1, "100 %")],
)  # fmt: skip
def test_probability_is_a_whole_percentage(probability: float, expected: str) -> None:
    assert texts.percent(probability) == expected


@pytest.mark.parametrize(
    ("feature", "value", "expected"),
    [
        ("energy", 0.617, "0.62"),
        ("tempo", 136.04, "136 BPM"),
        ("loudness", -5.56, "\u22125.6 dB"),
        ("loudness", -0.04, "0.0 dB"),
        ("duration_ms", 7_200_400.0, "2:00:00"),
        ("duration_ms", 3_599_400.0, "59:59"),
        ("key", 6.0, "F♯"),
        ("mode", 1.0, "major"),
        ("mode", 0.0, "minor"),
        ("duration_ms", 157067, "2:37"),
        ("duration_ms", 59999, "1:00"),
    ],
)
def test_feature_value_has_its_unit(feature: str, value: float, expected: str) -> None:
    assert texts.format_feature(feature, value) == expected


@pytest.mark.parametrize("verdict", Verdict)
def test_subgenre_is_named_only_after_a_genre_that_is_stated_plainly(verdict: Verdict) -> None:
    found = answer(
        prediction=prediction("latin", verdict), subgenre=Subgenre("bachata", "latin", 0.8)
    )
    plain = "Sounds like latin, probably bachata."
    assert (texts.verdict(found) == plain) == (verdict is Verdict.PLAIN)
    assert ("bachata" in texts.plain_text(found)) == (verdict is Verdict.PLAIN)


@pytest.mark.parametrize("verdict", Verdict)
@pytest.mark.parametrize("count", [1, 2])
def test_verdict_on_few_genres_names_those_there_are(verdict: Verdict, count: int) -> None:
    genres = dict(list({"rock": 0.6, "jazz": 0.4}.items())[:count])
    sentence = texts.verdict(answer(prediction=Prediction(genres, verdict, ())))
    assert "rock" in sentence
    assert sentence.endswith(".")


@pytest.mark.parametrize(
    "title", ["\u3164", "\u200b\u200b", "\u2800 ", "\u202e", "\U000e0041", " "]
)
def test_title_of_invisible_characters_is_named(title: str) -> None:
    subject = track(title=title, artists=("A", "\u200b"))
    assert texts.title(subject) == "(no title)"
    assert texts.headline(subject) == "(no title) – A"  # noqa: RUF001 - the dash


def test_names_are_on_one_line_and_bounded() -> None:
    subject = track(title="\x1b[31mred\n" + "x" * 1000, artists=("y" * 1000,) * 50)
    assert len(texts.headline(subject)) <= 2 * MAX_NAME_LENGTH + 3
    assert texts.title(subject).startswith("[31mred x")


def test_track_without_title_is_named_by_its_id() -> None:
    untitled = track(title="", artists=())
    assert texts.headline(untitled) == f"Track {untitled.spotify_id}"


def test_alt_text_describes_the_chart() -> None:
    assert texts.alt(answer()) == (
        "Old Town Road - Remix \u2013 Lil Nas X, Billy Ray Cyrus. "
        "Genres: country 64 %, rock 3 %, metal 3 %, pop 3 %, hip-hop 3 %. "
        "Radar chart, compared with half of all songs: danceability 0.88 (high), energy 0.62, "
        "speech 0.10 (high), acoustic 0.05, instrumental 0.00, live 0.11, happiness 0.64. "
        "Tempo 136 BPM."
    )


def test_alt_text_without_features_has_no_chart() -> None:
    bare = answer(features=AudioFeatures.from_source({"loudness": -5.0}, "x"))
    assert texts.alt(bare).endswith("hip-hop 3 %.")


def test_plain_text_contains_every_part_of_the_card() -> None:
    text = texts.plain_text(answer())
    for part in ("Lil Nas X", "https://", "Sounds like", "64 %", "Why country:", "Tempo", "Model:"):
        assert part in text


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
def test_every_error_has_a_sentence_without_internals(error: SoundslikeError) -> None:
    sentence = texts.failure(error)
    assert 10 < len(sentence) < 200
    assert "secret" not in sentence
    assert "Error" not in sentence


def test_retry_delay_is_rounded() -> None:
    text = [texts.failure(Unavailable("x", "y", s)) for s in (None, 30, 600, 86400)]
    assert "in a minute" in text[0]
    assert "10 minutes" in text[2]
    assert "hour" in text[3]


def test_receipt_names_the_vote_that_counts() -> None:
    jazz = Selection(1, VoteKind.CHOICE, "jazz")
    assert texts.receipt(RecordedVote(Ballot((jazz,)))) == "Your vote: jazz. Thank you!"
    assert "Taken back" in texts.receipt(RecordedVote(Ballot(), (jazz,)))
    assert texts.receipt(RecordedVote(Ballot())) == texts.NO_VOTE


def test_statistics_of_sounds_alone_have_no_means() -> None:
    stats = WorkspaceStats(2, 2, 0, 0, (), {"rock": 2}, {})
    assert texts.stats_alt(stats) == "Tracks by genre: rock 2."
    assert "2 tracks in 2 answers" in texts.stats(stats)


def test_words_are_joined_with_commas_and_and() -> None:
    assert [texts.and_list("abc"[:n]) for n in range(4)] == ["", "a", "a and b", "a, b and c"]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://open.spotify.com/track/2YpeDb67231RjR0MgVLzsG", "Open in Spotify"),
        ("https://www.deezer.com/track/1", "Open in Deezer"),
        ("https://music.apple.com/us/song/1", "Open in Apple Music"),
        ("https://example.com/track/1", "Open its page"),
        ("", "Open its page"),
    ],
)
def test_button_names_the_service_of_the_page(url: str, expected: str) -> None:
    assert texts.open_in(url) == expected


def test_every_music_service_has_a_name() -> None:
    assert set(services.NAMES) == set(MusicService)
