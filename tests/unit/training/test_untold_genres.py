"""Genres that the table cannot tell, taught beside a few that it can."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from model.genres import WIDE
from model.sound.fusion import refined
from model.sound.networks import EMBEDDING_SIZE
from model.sound.tag_genres import tag_genres
from training.sound.clips import Clip
from training.sound.comparison import (
    Comparison,
    Difference,
    as_matrix,
    compare,
    genre_weights,
    measured,
    with_untold,
)
from training.sound.examples import Doubles, Examples, Heard, examples
from training.sound.head_training import out_of_fold
from training.sound.heard_clips import ClipSound

UNTOLD = ("latin", "reggae")
TOLD = ("classical", "metal")
GENRES = tuple(genre for genre in WIDE if genre in {*UNTOLD, *TOLD})
CLIPS = 44
RIGHTLY_TAGGED = 0.7


@dataclass(frozen=True, slots=True)
class Sounds:
    """Made-up clips of four genres; the tags say pop of those that the table cannot tell.

    Attributes:
        apart: Distance of the genres' mean embeddings, in standard deviations of each value.
    """

    apart: float = 1.0

    def examples(self, seed: int = 1) -> Examples:
        rng = np.random.default_rng(seed)
        clips, sounds = [], []
        for number, genre in enumerate(GENRES):
            for clip in range(CLIPS):
                values = rng.normal(0, 1, EMBEDDING_SIZE).astype(np.float32)
                values[20 * number : 20 * number + 20] += self.apart
                right = genre in TOLD and rng.random() < RIGHTLY_TAGGED
                tags = {"msd": {"pop": 0.6}, "mtt": {}}
                if right:
                    tags = {"msd": {}, "mtt": {genre: 0.6}}
                sounds.append(ClipSound(tags, values))
                clips.append(Clip(Path(f"{genre}_{clip}.ogg"), genre, f"{genre} {clip % 22}"))
        return examples(Heard(clips, sounds, {}), {})


def compared(taught: Examples) -> Comparison:
    return compare(taught, GENRES, out_of_fold(taught, GENRES, seed=0))


def constant(taught: Examples, share: float) -> Doubles:
    """Return probabilities of a head that gives the genres the table lacks a share of all sounds.

    `share` is what is served; of the others it knows as little.
    """
    told = len(tag_genres().told)
    odds = share / (1 - share) * told / len(TOLD)
    new = odds / (1 + odds)
    row = [new / len(UNTOLD) if genre in UNTOLD else (1 - new) / len(TOLD) for genre in GENRES]
    return np.tile(row, (len(taught), 1))


def test_untold_genres_that_are_heard_are_shipped_and_told() -> None:
    found = compared(Sounds().examples())
    assert found.head_is_better
    f1 = measured(found.head, found.truth)["genre_f1"]
    for genre in UNTOLD:
        assert f1[genre] > 0.8
    assert measured(found.table, found.truth)["genre_f1"]["latin"] == 0
    for genre in TOLD:
        assert f1[genre] >= measured(found.table, found.truth)["genre_f1"][genre]


def test_shuffled_labels_are_not_shipped() -> None:
    taught = Sounds().examples()
    truth = np.random.default_rng(2).permutation(taught.truth)
    artists = np.array([f"a{number}" for number in range(len(taught))])
    assert not compared(replace(taught, truth=truth, artists=artists)).head_is_better


@pytest.mark.parametrize("share", [0.01, 0.1, 2 / 13, 0.3, 0.5, 0.9])
def test_naming_untold_genres_whatever_is_heard_is_not_shipped(share: float) -> None:
    taught = Sounds().examples()
    found = compare(taught, GENRES, constant(taught, share))
    served = found.head[:, [WIDE.index(genre) for genre in UNTOLD]].sum(axis=1)
    assert served == pytest.approx(share)
    assert not found.head_is_better


def test_a_head_that_makes_the_others_worse_is_not_shipped() -> None:
    """All latin and reggae is named, and of the others every ninth is called latin as well."""
    taught = Sounds().examples()
    heads = np.full((len(taught), len(GENRES)), 0.01)
    for number, genre in enumerate(taught.truth):
        named = "latin" if genre in TOLD and number % 9 == 0 else str(genre)
        heads[number, GENRES.index(named)] = 0.97
    found = compare(taught, GENRES, heads)
    assert found.top_1.low > 0
    assert found.told_top_1.high < 0
    assert not found.head_is_better


BETTER = {
    "top_1": Difference(0.1, 0.01, 0.2),
    "log_loss": Difference(-0.1, -0.3, 0.1),
    "told_top_1": Difference(-0.01, -0.03, 0.01),
    "told_log_loss": Difference(0.01, -0.01, 0.03),
}


@pytest.mark.parametrize(
    "worse",
    [
        {"top_1": Difference(0.1, -0.01, 0.2)},
        {"log_loss": Difference(0.01, -0.3, 0.3)},
        {"told_top_1": Difference(-0.05, -0.1, -0.01)},
        {"told_log_loss": Difference(0.05, 0.01, 0.1)},
    ],
    ids=str,
)
def test_a_head_must_be_better_and_the_others_no_worse(worse: dict[str, Difference]) -> None:
    nothing = as_matrix([])
    truth = np.zeros(0, np.intp)
    assert Comparison(nothing, nothing, truth, **BETTER).head_is_better
    assert not Comparison(nothing, nothing, truth, **(BETTER | worse)).head_is_better


def test_what_the_table_can_tell_counts_as_much_as_all_its_genres() -> None:
    truth = np.array([WIDE.index(one) for one in ("latin", "metal", "metal", "classical")])
    weights = genre_weights(truth)
    told = len(tag_genres().told)
    assert weights.mean() == pytest.approx(1)
    assert weights[1] * 2 == pytest.approx(weights[3])
    assert weights[1:].sum() / weights[0] == pytest.approx(told)


def test_the_table_gives_untold_genres_their_share_of_all() -> None:
    table = as_matrix([{"pop": 0.6, "rock": 0.4}])
    (row,) = with_untold(table, GENRES)
    assert row.sum() == pytest.approx(1)
    for genre in UNTOLD:
        assert row[WIDE.index(genre)] == pytest.approx(1 / 13)
    assert row[WIDE.index("pop")] == pytest.approx(0.6 * 11 / 13)
    assert with_untold(table, TOLD) == pytest.approx(table)


def test_a_head_of_untold_genres_alone_says_nothing() -> None:
    table = {"pop": 0.6, "rock": 0.4}
    assert refined(table, {"latin": 0.9, "reggae": 0.1}) == {**table, "latin": 0, "reggae": 0}
