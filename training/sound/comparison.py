"""Compares the head with the table on clips that it did not hear, and says whether it is shipped.

The rule: on the clips, the head's first genre must be right more often than the table's, beyond
noise, and its log-loss must not be higher. Beyond noise means that 0 is outside the 95 % interval
of the difference, by a bootstrap over artists in which the same clips are measured with both.

Clips of genres that the table cannot tell count: one that is named is a gain. Two things keep a
head from winning by naming them anyhow:

- Genres weigh as they do in `fusion.refined`: each of these is one genre beside all that the table
  can tell, for which those of the clips stand, each alike. So a folder with many clips of one genre
  ships no head that is better at this one alone.
- The table's log-loss is that of a table which gives these genres their share of all genres,
  whatever it hears. A head that knows no more than that has no lower one, as log-loss is proper
  (Gneiting and Raftery, "Strictly proper scoring rules, prediction, and estimation", JASA, 2007).

And on the clips of genres that the table can tell, neither figure may be worse beyond noise.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
from scipy.stats import binomtest

from model.genres import WIDE
from model.sound.fusion import refined
from model.sound.tag_genres import tag_genres
from model.verdicts import RIGHT, Verdict, VerdictFigures
from training.calibration import Codes, Thresholds, smallest_threshold
from training.evaluation import figures
from training.features import Matrix
from training.measurement import verdict_rates
from training.sound.examples import Doubles, Examples, Names
from training.sound.head_training import codes, log_losses

RESAMPLES: Final = 2000
PERCENTILES: Final = (2.5, 97.5)

DIGITS: Final = 4


@dataclass(frozen=True, slots=True)
class Difference:
    """Mean of a paired difference, and its 95 % interval."""

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        """Return the figures as text."""
        return f"{self.mean:+.3f} [{self.low:+.3f}, {self.high:+.3f}]"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Figures of head and table on the same clips.

    Attributes:
        head: Genres of each clip as they would be served with the head, [clips, WIDE].
        table: The same by the table.
        truth: Index in WIDE of each clip's genre.
        adds_only: Whether the head tells only genres that the table cannot tell.
        top_1: Difference in how often the first genre is right, by the weights of `genre_weights`.
        log_loss: Difference in log-loss, likewise; negative if the head is better.
        told_top_1: Difference in how often the first genre is right, where the table can tell it,
            every genre counting alike.
        told_log_loss: Difference in log-loss, likewise.
    """

    head: Matrix
    table: Matrix
    truth: Codes
    adds_only: bool
    top_1: Difference
    log_loss: Difference
    told_top_1: Difference
    told_log_loss: Difference

    @property
    def head_is_better(self) -> bool:
        """Whether the head is shipped, by the rule above."""
        better = self.top_1.low > 0 and self.log_loss.mean <= 0
        return better and self.told_top_1.high >= 0 and self.told_log_loss.low <= 0


def compare_both(
    examples: Examples, genres: Sequence[str], heads: Doubles, seed: int = 0
) -> Comparison:
    """Compare heads with the table, as `compare` does.

    A head that is not better is compared again as one that only adds genres, if it has any that the
    table cannot tell: the table may be the better one for the others.
    """
    whole = compare(examples, genres, heads, seed)
    if whole.head_is_better or not set(genres) & set(tag_genres().untold):
        return whole
    added = compare(examples, genres, heads, seed, adds_only=True)
    return added if added.head_is_better else whole


def compare(
    examples: Examples,
    genres: Sequence[str],
    heads: Doubles,
    seed: int = 0,
    *,
    adds_only: bool = False,
) -> Comparison:
    """Compare out-of-fold probabilities [sounds, genres] of heads with the table, on the clips."""
    clips = np.flatnonzero(examples.measured)
    tables = examples.part(clips).tables
    served = [
        refined(table, dict(zip(genres, row, strict=True)), adds_only=adds_only)
        for table, row in zip(tables, heads[clips].tolist(), strict=True)
    ]
    head, table = as_matrix(served), as_matrix(tables)
    truth = codes(examples.part(clips), WIDE)
    artists = examples.artists[clips]
    right = [(one.argmax(axis=1) == truth).astype(float) for one in (head, table)]
    losses = [log_losses(one, truth) for one in (head, with_untold(table, genres))]
    differences = right[0] - right[1], losses[0] - losses[1]
    weights = genre_weights(truth)
    told = np.isin(truth, _told())
    own = genre_weights(truth[told])
    return Comparison(
        head,
        table,
        truth,
        adds_only,
        *(paired_difference(one, artists, seed, weights) for one in differences),
        *(paired_difference(one[told], artists[told], seed, own) for one in differences),
    )


def genre_weights(truth: Codes) -> Doubles:
    """Return weights [clips], 1 on average.

    The genres that the table can tell count alike, and together as much as all that it can tell;
    each of the others counts as one genre.
    """
    if not len(truth):
        return np.ones(0)
    counts = np.bincount(truth, minlength=len(WIDE))
    told = np.isin(np.arange(len(WIDE)), _told())
    each = len(_told()) / max(int((counts[told] > 0).sum()), 1)
    weights = np.where(told, each, 1.0)[truth] / counts[truth]
    return np.asarray(weights / weights.mean())


def with_untold(table: Matrix, genres: Sequence[str]) -> Matrix:
    """Return the table's probabilities [clips, WIDE] with those of `genres` that it cannot tell.

    Each of these has its share of all genres for any clip.
    """
    untold = [WIDE.index(genre) for genre in genres if WIDE.index(genre) not in _told()]
    share = 1 / (len(_told()) + len(untold))
    found = table * np.float32(1 - share * len(untold))
    found[:, untold] = share
    return found


def _told() -> list[int]:
    """Return the indices in WIDE of the genres that the table can tell."""
    return [WIDE.index(genre) for genre in tag_genres().told]


def paired_difference(
    differences: Doubles, artists: Names, seed: int, weights: Doubles | None = None
) -> Difference:
    """Return the mean of differences, with an interval by a bootstrap over artists.

    Args:
        differences: Difference of each clip, [clips].
        artists: Key of each clip's artist, [clips].
        seed: Of the draws.
        weights: Weight of each clip, [clips]; alike by default.
    """
    if not len(differences):
        return Difference(0.0, 0.0, 0.0)
    weights = np.ones(len(differences)) if weights is None else weights
    names, group = np.unique(artists, return_inverse=True)
    sums, counts = np.bincount(group, differences * weights), np.bincount(group, weights)
    draws = np.random.default_rng(seed).multinomial(
        len(names), np.full(len(names), 1 / len(names)), RESAMPLES
    )
    low, high = np.percentile((draws @ sums) / (draws @ counts), PERCENTILES)
    mean = float(np.average(differences, weights=weights))
    return Difference(mean, float(low), float(high))


def verdicts(probabilities: Matrix, truth: Codes) -> dict[str, VerdictFigures]:
    """Return thresholds at which plain and either are right in `RIGHT`, with their figures.

    Args:
        probabilities: Out-of-fold probabilities [clips, genres].
        truth: Index of each clip's genre.
    """
    order = np.argsort(-probabilities, axis=1, kind="stable")
    descending = -np.sort(-probabilities, axis=1)
    first = order[:, 0] == truth
    plain = max(RIGHT, smallest_threshold(descending[:, 0], first))
    rest = descending[:, 0] < plain
    both = (order[:, :2] == truth[:, None]).any(axis=1)
    either = smallest_threshold(descending[rest, :2].sum(axis=1), both[rest])
    rates = verdict_rates(probabilities, truth, Thresholds(plain, either))
    least = {Verdict.PLAIN: plain, Verdict.EITHER: either}
    return {
        verdict.value: VerdictFigures(least.get(verdict, 0.0), *rates[verdict])
        for verdict in Verdict
    }


def measured(probabilities: Matrix, truth: Codes) -> dict[str, Any]:
    """Return the figures of probabilities [clips, WIDE], as the metadata has them."""
    found = asdict(figures(probabilities, truth, WIDE))
    shares = {name: found[name] for name in ("accuracy", "top_2", "top_3")}
    names = ("weighted_f1", "macro_f1", "calibration_error", "genre_f1")
    return {
        "clips": len(truth),
        **shares,
        **{f"{name}_interval": wilson(share, len(truth)) for name, share in shares.items()},
        "log_loss": round(float(log_losses(probabilities, truth).mean()), DIGITS),
        **{name: found[name] for name in names},
    }


def wilson(share: float, count: int) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a share of `count` clips."""
    bounds = binomtest(round(share * count), count).proportion_ci(method="wilson")
    return round(float(bounds.low), DIGITS), round(float(bounds.high), DIGITS)


def as_matrix(genres: Sequence[Mapping[str, float]]) -> Matrix:
    """Return probabilities [clips, WIDE]; 0 for genres that are not told."""
    rows = [[one.get(genre, 0.0) for genre in WIDE] for one in genres]
    return np.array(rows, np.float32).reshape(-1, len(WIDE))
