"""Selects the model to ship from the study's figures."""

from dataclasses import dataclass
from typing import Final

from training.errors import NoWinner
from training.figures import ENSEMBLE, ModelResult, StudyFigures, TaskResult

MAX_BYTES: Final = 6_000_000
"""Size limit of a model; the two shipped models may have 12 MB together."""

MAX_ROW_MS: Final = 0.3
"""Time limit for one song, in milliseconds: 1/100 of the time of the study's random forest."""

RULE: Final = (
    f"among the models of at most {MAX_BYTES / 1e6:g} MB and {MAX_ROW_MS:g} ms per song, as "
    "measured by the study, the one with the highest mean weighted F1 over folds grouped by "
    "artist; among models within one standard error of it, the smallest"
)


@dataclass(frozen=True, slots=True)
class ModelSelection:
    """The selected model of a task, and a description of how it was selected."""

    winner: ModelResult
    outcome: str


def select_model(figures: StudyFigures, task: str) -> ModelSelection:
    """Return the model of a task that `RULE` selects.

    Raises:
        NoWinner: The figures are of a quick run, no model is small and fast enough, or the winner
            cannot be exported; only the ensemble can.
    """
    if figures.quick:
        raise NoWinner("these figures are of a quick study, which are no results; run a full one")
    result = figures.task(task)
    small = [one for one in result.models if one.bytes <= MAX_BYTES and one.row_ms <= MAX_ROW_MS]
    if not small:
        raise NoWinner(f"{task}: no model of the study is small and fast enough to be shipped")
    first = max(small, key=lambda one: one.fold)
    level = [one for one in small if one.fold >= first.fold - first.error]
    winner = min(level, key=lambda one: (one.bytes, one.row_ms))
    if winner.key != ENSEMBLE:
        raise NoWinner(
            f"{task}: the study's winner is {winner.name} ({winner.fold:.3f} on the folds), which "
            f"cannot be exported; only the {ENSEMBLE} can"
        )
    return ModelSelection(winner, _outcome(result, winner))


def _outcome(result: TaskResult, winner: ModelResult) -> str:
    others = [one for one in result.models if one is not winner]
    outcome = f"{winner.name}, {winner.fold:.3f} (standard error {winner.error:.3f})"
    if not others:
        return f"{outcome}, the only model"
    second = max(others, key=lambda one: one.fold)
    return (
        f"{outcome}; the best other model, {second.name}, has {second.fold:.3f} with "
        f"{second.bytes / 1e6:,.1f} MB and {second.row_ms:.3g} ms per song"
        + (", so the lead may be chance" if winner.fold - second.fold <= winner.error else "")
    )
