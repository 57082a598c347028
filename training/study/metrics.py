"""What is measured of a model: figures, curves, times."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Roc:
    """A genre's ROC curve against the rest, thinned; both lists rise from 0 to 1."""

    false_positive: tuple[float, ...]
    true_positive: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Bin:
    """Predictions whose best probability lies in [low, high); a bin without any is left out."""

    low: float
    high: float
    rows: int
    probability: float
    right: float


@dataclass(frozen=True, slots=True)
class Timing:
    """Measured on the machine of the run, so it differs from run to run.

    `search_seconds` is the work of all fits on folds added up, None without any; `row_ms` the
    median time to classify one song.
    """

    search_seconds: float | None
    fit_seconds: float
    row_ms: float
