"""Labels of a few songs: what they recognise, how honest they are, and what they refuse."""

import json
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.few_shot import LEAST_SONGS, calibrate
from model.few_shot_figures import LabelFigures, Learned, learn
from model.percentiles import median
from model.schema import FEATURES, NAMES
from model.song_space import SCORED, SONG_SPACE, Array, normal_scores, read, song_space

CALM = {
    "danceability": 0.3,
    "energy": 0.1,
    "acousticness": 0.97,
    "instrumentalness": 0.9,
    "valence": 0.1,
    "tempo": 70.0,
    "loudness": -22.0,
}
LOUD = {
    "danceability": 0.55,
    "energy": 0.97,
    "acousticness": 0.001,
    "instrumentalness": 0.0,
    "valence": 0.6,
    "tempo": 160.0,
    "loudness": -3.0,
}
MEDIAN = {name: median(name) for name in NAMES}


def like(song: dict[str, float], count: int, seed: int = 0) -> Array:
    """Return the normal scores of songs that are nearly the same."""
    rng = np.random.default_rng(seed)
    return normal_scores(
        {name: value * rng.uniform(0.95, 1.02) for name, value in song.items()}
        for _ in range(count)
    )


@pytest.fixture(scope="module")
def two() -> Learned:
    """Two labels of songs that have little in common."""
    return learn({"calm": like(CALM, 6), "loud": like(LOUD, 6)})


def test_songs_of_two_kinds_are_told_apart(two: Learned) -> None:
    assert list(two.classifier.fits(CALM)) == ["calm", "loud"]
    calm, loud = two.classifier.fits(CALM), two.classifier.fits(LOUD)
    assert (calm["calm"] > 0.9, loud["loud"] > 0.85) == (True, True)
    assert max(calm["loud"], loud["calm"]) < 0.15
    assert max(two.classifier.fits(MEDIAN).values()) < 0.5
    assert two.alike == ()
    assert two.figures["calm"].recognised == 6
    assert two.figures["calm"].by_chance < 0.1
    assert not two.figures["calm"].is_mixed


@pytest.mark.parametrize("song", [{}, {"key": 3.0}])
def test_song_of_which_nothing_is_known_fits_about_as_well_as_not(
    two: Learned, song: dict[str, float]
) -> None:
    for fit in two.classifier.fits(song).values():
        assert 0.35 < fit < 0.65


def test_one_feature_says_less_than_all(two: Learned) -> None:
    fit = two.classifier.fits({"energy": CALM["energy"]})["calm"]
    assert 0.5 < fit < two.classifier.fits(CALM)["calm"]


def test_labels_can_be_taught_by_one_feature_alone() -> None:
    learned = learn({"slow": normal_scores([{"tempo": 60.0 + n} for n in range(8)])})
    fits = [learned.classifier.fits({"tempo": tempo})["slow"] for tempo in (64.0, 120.0, 180.0)]
    assert fits == sorted(fits, reverse=True)
    assert fits[0] > 0.55
    assert fits[2] < 0.5


def test_songs_with_different_features_known_teach_one_label() -> None:
    songs = [CALM, {**CALM, "key": 1.0}, {"energy": 0.1}, {"valence": 0.1, "tempo": 70.0}, CALM]
    learned = learn({"calm": normal_scores(songs)})
    assert learned.figures["calm"].songs == 5
    assert learned.classifier.fits(CALM)["calm"] > 0.8


def test_songs_without_features_do_not_count() -> None:
    few = normal_scores([CALM] * (LEAST_SONGS - 1) + [{}, {"key": 1.0}])
    learned = learn({"few": few, "none": normal_scores([])})
    assert learned.figures == {}
    assert learned.classifier.fits(CALM) == {}


def test_a_song_taught_many_times_is_no_certainty() -> None:
    learned = learn({"same": normal_scores([CALM] * 50)})
    assert 0.8 < learned.classifier.fits(CALM)["same"] < 0.999
    assert learned.figures["same"].recognised == 50


def test_songs_with_nothing_in_common_are_mixed() -> None:
    opposites = np.concatenate([like(CALM, 4), like(LOUD, 4)])
    assert learn({"mixed": opposites}).figures["mixed"].is_mixed
    assert not learn({"calm": like(CALM, 8)}).figures["calm"].is_mixed


def test_labels_of_the_same_songs_are_alike_and_named() -> None:
    songs = {"one": like(CALM, 6), "two": like(CALM, 6, seed=1), "loud": like(LOUD, 6)}
    learned = learn(songs)
    assert learned.alike == (("one", "two"),)
    # Either may be meant, so both are said to fit.
    assert min(learned.classifier.fits(CALM)[name] for name in ("one", "two")) > 0.6


def test_mixed_labels_are_not_said_to_be_alike() -> None:
    songs = {
        name: np.concatenate([like(CALM, 4, seed), like(LOUD, 4, seed)])
        for name, seed in (("one", 0), ("two", 1))
    }
    learned = learn(songs)
    assert [figures.is_mixed for figures in learned.figures.values()] == [True, True]
    assert learned.alike == ()


@pytest.mark.parametrize(
    ("recognised", "is_mixed", "is_shown"), [(1, False, True), (0, False, False), (5, True, False)]
)
def test_label_is_shown_if_its_own_songs_are_recognised(
    recognised: int,
    is_mixed: bool,  # noqa: FBT001 - a parameter of the test
    is_shown: bool,  # noqa: FBT001 - the same
) -> None:
    assert LabelFigures(5, recognised, 0.1, is_mixed=is_mixed).is_shown is is_shown


def sampled(rng: np.random.Generator, count: int) -> tuple[Array, Array]:
    """Return the songs of a label of the kind that the model expects, and as many of any."""
    space = song_space()
    mean = rng.multivariate_normal(space.mean, space.between)
    own = rng.multivariate_normal(mean, space.within, count)
    return own, rng.multivariate_normal(space.mean, space.total, count)


def test_probabilities_are_as_often_right_as_they_say() -> None:
    rng = np.random.default_rng(0)
    said: list[float] = []
    is_own: list[float] = []
    for _ in range(150):
        own, others = sampled(rng, 48)
        classifier = learn({"label": own[:8]}).classifier
        said += [*classifier.probabilities(own[8:])[0], *classifier.probabilities(others[8:])[0]]
        is_own += [1.0] * 40 + [0.0] * 40
    probabilities, truth = np.array(said), np.array(is_own)
    for low in np.arange(0, 1, 0.2):
        within = (probabilities >= low) & (probabilities < low + 0.2)
        assert within.sum() > 300
        assert truth[within].mean() == pytest.approx(probabilities[within].mean(), abs=0.08)


def test_figures_of_a_label_foresee_how_its_next_songs_do() -> None:
    rng = np.random.default_rng(1)
    foreseen, found = [], []
    for _ in range(60):
        own, others = sampled(rng, 60)
        learned = learn({"label": own[:20]})
        figures = learned.figures["label"]
        foreseen.append((figures.recognised / 20, figures.by_chance))
        songs = (own[20:], others[20:])
        found.append([(learned.classifier.probabilities(one) >= 2 / 3).mean() for one in songs])
    assert np.mean(foreseen, axis=0) == pytest.approx(np.mean(found, axis=0), abs=0.04)


def test_calibration_without_evidence_says_nothing() -> None:
    nothing = np.zeros(8)
    calibration = calibrate(nothing, np.zeros(0), np.zeros(100), slope=0.8)
    assert calibration.probability(nothing) == pytest.approx(0.5)
    assert calibration.slope == pytest.approx(0.8)


def test_calibration_never_turns_evidence_around() -> None:
    worse = calibrate(np.full(50, -5.0), np.zeros(0), np.full(100, 5.0), slope=0.8)
    assert worse.slope > 0


songs = st.fixed_dictionaries(
    {}, optional={one.name: st.floats(one.low, one.high) for one in FEATURES}
)


@given(st.lists(songs, min_size=5, max_size=8), st.lists(songs, min_size=5, max_size=8), songs)
def test_any_songs_teach_labels_with_probabilities(
    one: Sequence[dict[str, float]], other: Sequence[dict[str, float]], song: dict[str, float]
) -> None:
    learned = learn({"one": normal_scores(one), "other": normal_scores(other)})
    fits = learned.classifier.fits(song)
    assert all(0 < fit < 1 for fit in fits.values())
    assert list(fits.values()) == sorted(fits.values(), reverse=True)
    for figures in learned.figures.values():
        assert 0 <= figures.recognised <= figures.songs
        assert 0 <= figures.by_chance <= 1


def test_normal_scores_are_those_of_the_percentiles() -> None:
    low, middle, high = normal_scores([{"energy": 0.0}, {"energy": median("energy")}, LOUD])
    energy = SCORED.index("energy")
    assert low[energy] < -2.5
    assert middle[energy] == pytest.approx(0, abs=0.02)
    assert 1 < high[energy] < 2.6
    assert np.isnan(np.delete(low, energy)).all()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("features", ["energy"]),
        ("mean", [0.0]),
        ("within", [[1.0]]),
        ("between", (-np.eye(len(SCORED))).tolist()),
    ],
)
def test_malformed_file_is_refused(name: str, value: object) -> None:
    content = json.loads(SONG_SPACE.read_text(encoding="utf-8"))
    with pytest.raises(ValueError, match=r".+"):
        read({**content, name: value})
