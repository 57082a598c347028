"""The columns of scores in tables; the best score of a column is emphasised."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Final

from model.metrics import Figures
from training.study.report import formats
from training.study.report.html import Node, element


@dataclass(frozen=True, slots=True)
class Score:
    """A column of scores.

    Attributes:
        name: Heading of the column.
        of: Returns the score; None if it was not measured.
        best: Returns the best of several scores.
    """

    name: str
    of: Callable[[Figures], float | None]
    best: Callable[[Iterable[float]], float] = max

    def write(self, figures: Figures) -> str:
        """Return the formatted score."""
        value = self.of(figures)
        return formats.NO_VALUE if value is None else formats.score(value)

    def column(self, measured: Sequence[Figures]) -> list[Node]:
        """Return the formatted scores of all rows, the best one emphasised."""
        known = [value for figures in measured if (value := self.of(figures)) is not None]
        best = formats.score(self.best(known)) if known else ""
        written = [self.write(figures) for figures in measured]
        return [element("strong", text) if text == best else text for text in written]


MEAN_AUC: Final = Score("mean AUC", attrgetter("mean_auc"))
SCORES: Final = (
    Score("weighted F1", attrgetter("weighted_f1")),
    Score("macro F1", attrgetter("macro_f1")),
    Score("accuracy", attrgetter("accuracy")),
    Score("top 2", attrgetter("top_2")),
    Score("top 3", attrgetter("top_3")),
    MEAN_AUC,
    Score("calibration error", attrgetter("calibration_error"), min),
)
NAMES: Final = tuple(score.name for score in SCORES)


def with_genres(genres: Sequence[str]) -> tuple[Score, ...]:
    """Return `SCORES` with the AUC of each genre instead of the mean AUC."""
    place = SCORES.index(MEAN_AUC)
    return SCORES[:place] + tuple(_area(genre) for genre in genres) + SCORES[place + 1 :]


def _area(genre: str) -> Score:
    return Score(f"AUC {genre}", lambda figures: figures.auc.get(genre))


def write(figures: Figures) -> list[str]:
    """Return all `SCORES`, formatted."""
    return [score.write(figures) for score in SCORES]


def columns(measured: Sequence[Figures], scores: Sequence[Score] = SCORES) -> list[list[Node]]:
    """Return the formatted scores, [rows][scores], the best of each column emphasised."""
    return [list(row) for row in zip(*(score.column(measured) for score in scores), strict=True)]
