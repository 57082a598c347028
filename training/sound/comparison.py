"""Compares the head with the table on clips that it did not hear, and says whether it is shipped.

The rule: on the clips whose genre the table can tell, the head's first genre must be right more
often than the table's, beyond noise, and its log-loss must not be higher. Beyond noise means that 0
is outside the 95 % interval of the difference, by a bootstrap over artists in which the same clips
are measured with both. Every genre counts alike, so that a folder with many clips of one genre
ships no head that is better at this one alone. Clips of other genres do not count: on them the head
would win whatever it says of the rest.
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
        top_1: Difference in how often the first genre is right, where the table can tell it, every
            genre counting alike.
        log_loss: Difference in log-loss, likewise; negative if the head is better.
    """

    head: Matrix
    table: Matrix
    truth: Codes
    top_1: Difference
    log_loss: Difference

    @property
    def head_is_better(self) -> bool:
        """Whether the head is shipped, by the rule above."""
        return self.top_1.low > 0 and self.log_loss.mean <= 0


def compare(examples: Examples, genres: Sequence[str], heads: Doubles, seed: int = 0) -> Comparison:
    """Compare out-of-fold probabilities [sounds, genres] of heads with the table, on the clips."""
    clips = np.flatnonzero(examples.measured)
    tables = examples.part(clips).tables
    served = [
        refined(table, dict(zip(genres, row, strict=True)))
        for table, row in zip(tables, heads[clips].tolist(), strict=True)
    ]
    head, table = as_matrix(served), as_matrix(tables)
    truth = codes(examples.part(clips), WIDE)
    told = np.isin(truth, [WIDE.index(genre) for genre in tag_genres().told])
    artists, weights = examples.artists[clips][told], even_weights(truth[told])
    right = [(one.argmax(axis=1) == truth)[told].astype(float) for one in (head, table)]
    losses = [log_losses(one, truth)[told] for one in (head, table)]
    return Comparison(
        head,
        table,
        truth,
        paired_difference(right[0] - right[1], artists, seed, weights),
        paired_difference(losses[0] - losses[1], artists, seed, weights),
    )


def even_weights(truth: Codes) -> Doubles:
    """Return weights [clips] by which every genre counts alike; 1 on average."""
    counts = np.bincount(truth)
    return np.asarray(len(truth) / np.count_nonzero(counts) / counts[truth])


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
