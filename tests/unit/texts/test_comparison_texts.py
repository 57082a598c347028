"""Two songs in words: verdicts, differences, what they share, what speaks for which genre."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.cards import Answer
from bot.domain.comparison import Comparison, Contrast
from bot.domain.filing import FiledUnder
from bot.services.comparison import compare
from bot.texts import comparison as words
from bot.texts import comparison_page, contrasts
from bot.texts.song_pairs import MAX_NAME, names
from bot.texts.traits import traits
from model.classifier import Prediction
from model.verdicts import Verdict
from tests.support import factories
from tests.support.factories import VALUES
from tests.support.weighing import WeighingClassifier, song

DASH, MINUS = "\N{EN DASH}", "\N{MINUS SIGN}"

PLAIN = {"country": 0.8, "rock": 0.2}
LEANING = {"hip-hop": 0.6, "pop": 0.3, "rock": 0.1}
BETWEEN = {"pop": 0.45, "rock": 0.4, "folk": 0.15}
UNSURE = {"jazz": 0.3, "folk": 0.3, "rock": 0.25}
VERDICTS = {
    "plain": (PLAIN, Verdict.PLAIN),
    "leaning": (LEANING, Verdict.EITHER),
    "between": (BETWEEN, Verdict.EITHER),
    "unsure": (UNSURE, Verdict.UNSURE),
    "also pop": ({"rock": 0.45, "pop": 0.4, "folk": 0.15}, Verdict.EITHER),
    "surely hip-hop": ({"hip-hop": 0.9, "pop": 0.1}, Verdict.PLAIN),
}

USUAL = dict.fromkeys(("danceability", "energy", "acousticness", "valence"), 0.5)
MILD = re.compile("some rap|little singing|rather slow")
"""What a card says of a trait that the song has less of."""


def pair(first: Answer, second: Answer) -> Comparison:
    return compare(WeighingClassifier(), first, second)


def judged(title: str, name: str) -> Answer:
    genres, verdict = VERDICTS[name]
    return replace(song(title), prediction=Prediction(genres, verdict, ()))


def values(**changed: float) -> dict[str, float]:
    return {**VALUES, **changed}


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("plain", "plain", "Both sound like country."),
        ("leaning", "leaning", "Both lean hip-hop."),
        ("between", "also pop", "Both are between pop and rock."),
        ("unsure", "unsure", "Of both it is hard to say."),
        ("leaning", "plain", "One leans hip-hop, Two sounds like country."),
        ("between", "plain", "One is between pop and rock, Two sounds like country."),
        ("plain", "unsure", "One sounds like country; of Two it is hard to say."),
        ("unsure", "plain", "Of One it is hard to say; Two sounds like country."),
        ("leaning", "surely hip-hop", "One leans hip-hop, Two sounds like hip-hop, too."),
    ],
)
def test_headline_is_in_the_words_of_the_verdicts(first: str, second: str, said: str) -> None:
    assert words.headline(pair(judged("One", first), judged("Two", second))) == said


def test_largest_differences_are_said_of_the_song_that_has_more() -> None:
    one = song("One", values(acousticness=0.9, energy=0.62, tempo=130.0), year=1973)
    two = song("Two", values(acousticness=0.01, energy=0.60, tempo=110.0), year=1975)
    assert words.differences(pair(one, two)) == [
        "One is far more acoustic (0.90 vs 0.01).",
        "One is a little faster (130 BPM vs 110 BPM).",
    ]


def test_at_most_three_differences_are_said_the_largest_first() -> None:
    low = dict.fromkeys(("danceability", "energy", "acousticness", "valence"), 0.1)
    high = {**dict.fromkeys(low, 0.9), "energy": 0.5}
    said = words.differences(pair(song("One", values(**low)), song("Two", values(**high))))
    assert len(said) == words.MAX_DIFFERENCES
    assert "energetic" not in " ".join(said)


@pytest.mark.parametrize(
    ("feature", "low", "high", "said"),
    [
        ("speechiness", 0.03, 0.4, "Two has far more rap or speech (speech 0.40 vs 0.03)."),
        ("instrumentalness", 0.0, 0.9, "Two has far less singing (instrumental 0.90 vs 0.00)."),
        ("liveness", 0.1, 0.9, "Two sounds far more like a live recording (live 0.90 vs 0.10)."),
        ("valence", 0.3, 0.5, "Two is a little more cheerful (happiness 0.50 vs 0.30)."),
        ("mode", 0.0, 1.0, "Two is in a major key, One in a minor one."),
        ("loudness", -20.0, -5.0, f"Two is far louder ({MINUS}5.0 dB vs {MINUS}20.0 dB)."),
        ("duration_ms", 120e3, 400e3, "Two is far longer (6:40 vs 2:00)."),
        ("tempo", 80.0, 150.0, "Two is far faster (150 BPM vs 80 BPM)."),
    ],
)
def test_difference_in_words(feature: str, low: float, high: float, said: str) -> None:
    one, two = song("One", values(**{feature: low})), song("Two", values(**{feature: high}))
    assert words.differences(pair(one, two)) == [said]
    assert words.differences(pair(two, one)) == [said]


@pytest.mark.parametrize(
    ("feature", "low", "high"),
    [
        ("liveness", 0.1, 0.4),  # neither sounds live
        ("instrumentalness", 0.0, 0.3),  # somebody sings in both
        ("key", 0.0, 11.0),
        ("tempo", 74.0, 110.0),  # 148 BPM may be meant
        ("danceability", 0.6, 0.65),
    ],
)
def test_difference_that_nobody_hears_is_not_said(feature: str, low: float, high: float) -> None:
    one, two = song("One", values(**{feature: low})), song("Two", values(**{feature: high}))
    assert words.differences(pair(one, two)) == [words.ALIKE_FIGURES]


def test_tempo_of_half_or_double_is_a_doubt_and_no_difference() -> None:
    one, two = song("One", values(tempo=68.0)), song("Two", values(tempo=136.0))
    alike, doubt = words.differences(pair(one, two))
    assert alike == words.ALIKE_FIGURES
    assert doubt.startswith("Their tempos, 68 BPM and 136 BPM, may be the same")
    (row,) = [row for row in contrasts.rows(pair(one, two)) if row.label == "Tempo"]
    assert row.apart == contrasts.OCTAVE


def test_what_stands_out_in_both_is_shared() -> None:
    both = values(danceability=0.9, acousticness=0.8, tempo=160.0, speechiness=0.04)
    filed = FiledUnder(("country", "folk"), "tables")
    one = replace(song("One", both), filed_under=filed)
    two = replace(song("Two", values(**{**both, "acousticness": 0.01})), filed_under=filed)
    shared = words.shared(pair(one, two))
    assert shared == "Both are danceable, fast and short. Both are filed under country and folk."
    assert words.shared(pair(song("One", USUAL), song("Two", USUAL))) == ""


@pytest.mark.parametrize(
    ("feature", "one", "other", "said"),
    [
        ("speechiness", 0.1, 0.1, "partly rap or speech"),
        ("speechiness", 0.1, 0.3, "partly rap or speech"),
        ("speechiness", 0.3, 0.3, "full of rap or speech"),
        ("instrumentalness", 0.85, 0.6, "mostly instrumental"),
        ("instrumentalness", 0.85, 0.9, "almost without singing"),
        ("tempo", 90.0, 70.0, "rather slow"),
        ("tempo", 70.0, 71.0, "slow"),
        ("tempo", 150.0, 150.0, "fast"),
    ],
)
def test_what_is_shared_is_said_as_strongly_as_on_the_cards(
    feature: str, one: float, other: float, said: str
) -> None:
    songs = [song(str(value), {**USUAL, feature: value}) for value in (one, other)]
    assert words.shared(pair(*songs)) == f"Both are {said}."
    mild = [trait for each in songs for trait in traits(each) if MILD.search(trait)]
    assert bool(mild) == (said in words.LESS_ALIKE.values())


def test_feature_that_speaks_for_a_genre_is_said_with_its_points() -> None:
    one = replace(
        song("One", values(acousticness=0.9)), prediction=Prediction(PLAIN, Verdict.PLAIN, ())
    )
    two = song("Two", values(acousticness=0.0))
    found = pair(one, two)
    (contrast,) = [one for one in found.known if one.feature == "acousticness"]
    assert contrast.first_gain is not None
    rise = round(100 * contrast.first_gain.rise)
    assert contrasts.speaks(found)[0] == (
        f"The acousticness of One (0.90) speaks for country: with it alone, Two would get {rise} "
        "points more for country."
    )
    (row,) = [row for row in contrasts.rows(found) if row.label == "Acoustic"]
    assert row.first == ("0.90", f"country +{rise}")
    assert row.apart == "0.90 apart"


def judged_by(title: str, genres: dict[str, float], verdict: Verdict) -> Answer:
    return replace(song(title), prediction=Prediction(genres, verdict, ()))


@pytest.mark.parametrize(
    ("verdict", "rises", "genre", "points"),
    [
        # the genre put first, however much another one gains
        (Verdict.EITHER, {"r&b": 0.34, "pop": 0.2, "hip-hop": 0.06}, "hip-hop", 6),
        (Verdict.EITHER, {"r&b": 0.34, "pop": 0.2, "hip-hop": 0.04}, "pop", 20),
        (Verdict.PLAIN, {"r&b": 0.34, "pop": 0.2, "hip-hop": 0.06}, "hip-hop", 6),
        (Verdict.PLAIN, {"r&b": 0.34, "hip-hop": 0.04}, "r&b", 34),  # said to be another one
        (Verdict.PLAIN, {"r&b": 0.19, "hip-hop": 0.04}, "", 0),
    ],
)
def test_what_speaks_is_said_of_the_songs_own_genres(
    verdict: Verdict, rises: dict[str, float], genre: str, points: int
) -> None:
    one = judged_by("One", {"hip-hop": 0.74, "pop": 0.09, "r&b": 0.05}, verdict)
    contrast = Contrast("danceability", 0.88, 0.49, by_first=rises, by_second={"rock": 0.04})
    said = contrasts.speaks(Comparison(one, song("Two"), (contrast,)))
    if not genre:
        assert said == [contrasts.NOTHING_DECIDES]
        return
    another = ", which the verdict on One does not name" if genre == "r&b" else ""
    sentence = (
        f"The danceability of One (0.88) speaks for {genre}{another}: with it alone, Two would get "
        f"{points} points more for {genre}."
    )
    assert said == [sentence]


def test_nothing_speaks_for_a_genre_if_all_is_equal() -> None:
    found = pair(song("One"), song("Two"))
    assert contrasts.speaks(found) == [contrasts.NOTHING_DECIDES]
    assert {row.apart for row in contrasts.rows(found)} <= {contrasts.EQUAL, ""}


def test_what_is_known_of_one_song_only_is_said() -> None:
    few = {name: VALUES[name] for name in VALUES if name not in ("key", "liveness")}
    found = pair(song("One", few), song("Two"))
    assert words.gaps(found) == ["Not known of One: live and key."]
    (row,) = [row for row in contrasts.rows(found) if row.label == "Live"]
    assert (row.first, row.apart) == ((contrasts.UNKNOWN, ""), "")
    assert "live unknown and 0.11" in comparison_page.alt(found.first, found.second)


def test_song_judged_by_sound_alone_is_said_to_be() -> None:
    silent = factories.sound_answer(factories.track("s" * 22, title="Silent"))
    found = pair(song("One"), silent)
    assert words.gaps(found) == [words.NO_FIGURES.format("Silent")]
    assert words.differences(found) == contrasts.speaks(found) == []
    other = replace(silent, subject=replace(silent.subject, spotify_id="t" * 22, title="Other"))
    assert words.gaps(pair(silent, other)) == [words.NO_FIGURES_OF_BOTH]


def test_versions_of_one_song_are_told_apart_by_their_titles() -> None:
    found = pair(song("Creep"), song("Creep - Live"))
    assert words.relation(found) == words.VERSIONS
    assert words.called(found) == ("Creep", "Creep - Live")
    assert words.relation(pair(song("One"), song("Two"))) == ""


def test_names_are_as_long_as_they_must_be() -> None:
    track = factories.track
    road = track(title="Old Town Road - Remix")
    assert names(road, track(title="Jolene")) == ("Old Town Road", "Jolene")
    covers = track(title="Hurt", artists=("A",)), track(title="Hurt", artists=("B",))
    assert names(*covers) == (f"Hurt {DASH} A", f"Hurt {DASH} B")
    assert names(road, road) == ("the first one", "the second one")
    long, arabic = names(track(title="x" * 300), track(title="حبيبي"))
    assert len(long) == MAX_NAME
    assert arabic == "\u2068حبيبي\u2069"


TITLES = st.text(st.characters(exclude_characters="{}"), max_size=60)


@given(TITLES, TITLES, st.dictionaries(st.sampled_from(sorted(VALUES)), st.floats(0, 1)))
def test_any_two_songs_have_whole_sentences(one: str, two: str, changed: dict[str, float]) -> None:
    whole = {
        name: round(value) if name in ("key", "mode") else value for name, value in changed.items()
    }
    first = replace(song("a"), subject=factories.track("a" * 22, title=one))
    second = replace(song("b", values(**whole)), subject=factories.track("b" * 22, title=two))
    found = pair(first, second)
    said = [words.headline(found), *words.differences(found), *contrasts.speaks(found)]
    assert all(sentence.endswith(".") and "{" not in sentence for sentence in said)
    assert not any("\n" in sentence for sentence in (*said, comparison_page.title(found)))
    assert comparison_page.alt(first, second).endswith(".")
    assert len(words.differences(found.mirrored)) == len(words.differences(found))
