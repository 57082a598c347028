"""Verdicts: how surely a prediction may be stated, by thresholds on its probabilities."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, astuple, dataclass
from enum import StrEnum
from typing import Any, Final


class Verdict(StrEnum):
    """How a prediction is stated: its first genre, the first two, or that no genre is probable."""

    PLAIN = "plain"
    EITHER = "either"
    UNSURE = "unsure"

    @property
    def genres_named(self) -> int:
        """Number of the most probable genres that the verdict is about, from 1 to 3."""
        return list(Verdict).index(self) + 1


def verdict_naming(genres: int) -> Verdict:
    """Return the verdict that is about this number of genres; raise ValueError without one."""
    if not 1 <= genres <= len(Verdict):
        raise ValueError(f"no verdict is about {genres} genres")
    return list(Verdict)[genres - 1]


@dataclass(frozen=True, slots=True)
class VerdictFigures:
    """Threshold of a verdict, and its figures on held-out songs; all in 0-1, None if not measured.

    Attributes:
        threshold: Smallest probability of the first genre (plain), or of the first two together
            (either); 0 for unsure.
        coverage: Share of the songs that have this verdict, given all features.
        accuracy: Share of those of which the first genre (plain), one of the first two (either) or
            one of the first three (unsure) is right.
        coverage_core: Coverage, given the core features alone.
        accuracy_core: Accuracy, given the core features alone.
    """

    threshold: float
    coverage: float | None = None
    accuracy: float | None = None
    coverage_core: float | None = None
    accuracy_core: float | None = None


RIGHT: Final = 0.75
"""Share of the songs in which a verdict other than unsure must be right."""

UNMEASURED: Final[Mapping[str, VerdictFigures]] = {
    Verdict.PLAIN.value: VerdictFigures(RIGHT),
    Verdict.EITHER.value: VerdictFigures(RIGHT),
    Verdict.UNSURE.value: VerdictFigures(0.0),
}
"""Verdicts of a model of which only is known that it is calibrated."""


def decide(descending: Sequence[float], verdicts: Mapping[str, VerdictFigures]) -> Verdict:
    """Return the verdict on a prediction with these probabilities, the highest first."""
    if descending[0] >= verdicts[Verdict.PLAIN].threshold:
        return Verdict.PLAIN
    if sum(descending[:2]) >= verdicts[Verdict.EITHER].threshold:
        return Verdict.EITHER
    return Verdict.UNSURE


def read(content: Mapping[str, Mapping[str, Any]]) -> dict[str, VerdictFigures]:
    """Read the verdicts in a bundle's metadata; raise TypeError or ValueError if invalid."""
    verdicts = {name: VerdictFigures(**content[name]) for name in content}
    if set(verdicts) != set(Verdict):
        raise ValueError(f"verdicts must be {', '.join(Verdict)}")
    for verdict in verdicts.values():
        threshold, *measured = astuple(verdict)
        figures = [threshold, *(figure for figure in measured if figure is not None)]
        if not all(isinstance(figure, (int, float)) and 0 <= figure <= 1 for figure in figures):
            raise ValueError("the figures of verdicts must be in 0-1")
    return verdicts


def upgrade(metadata: dict[str, Any]) -> None:
    """Replace the thresholds in the metadata of a bundle that is older than `verdicts`.

    Such bundles are calibrated, and have `close_margin` and `unsure_below` instead.
    """
    if "verdicts" not in metadata:
        del metadata["close_margin"], metadata["unsure_below"]
        metadata["verdicts"] = {name: asdict(figures) for name, figures in UNMEASURED.items()}
