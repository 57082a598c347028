"""Which model is shipped: the study's figures decide, by one rule."""

from dataclasses import dataclass
from typing import Final

from training.errors import NoWinner
from training.figures import ModelResult, StudyFigures, TaskResult
from training.study.candidates import ENSEMBLE

MOST_BYTES: Final = 6_000_000
"""Both models together may have 12 MB."""

MOST_MS: Final = 0.3
"""For one song: a hundredth of what the study's forest takes when it is asked by itself."""

RULE: Final = (
    f"of the models that have at most {MOST_BYTES / 1e6:g} MB and classify a song in at most "
    f"{MOST_MS:g} ms, each as the study measured it, the one with the highest mean weighted F1 on "
    "folds that no artist spans; of those within one standard error of it the smallest"
)


@dataclass(frozen=True, slots=True)
class ModelSelection:
    """The winner of a task and why, in words."""

    winner: ModelResult
    outcome: str


def select_model(found: StudyFigures, task: str) -> ModelSelection:
    """Return the model of a task that the rule picks; raises NoWinner.

    The winner must be one that can be exported: so far the committee alone.
    """
    if found.quick:
        raise NoWinner("these figures are of a quick study, which are no results; run a full one")
    field = found.field(task)
    small = [one for one in field.entrants if one.bytes <= MOST_BYTES and one.row_ms <= MOST_MS]
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
    return ModelSelection(winner, _outcome(field, winner))


def _outcome(field: TaskResult, winner: ModelResult) -> str:
    others = [one for one in field.entrants if one is not winner]
    said = f"{winner.name}, {winner.fold:.3f} (standard error {winner.error:.3f})"
    if not others:
        return f"{said}, alone"
    rival = max(others, key=lambda one: one.fold)
    lead = winner.fold - rival.fold
    return (
        f"{said}; the best of all others, {rival.name}, has {rival.fold:.3f} with "
        f"{rival.bytes / 1e6:,.1f} MB and {rival.row_ms:.3g} ms a song"
        + (", so the lead may be chance" if lead <= winner.error else "")
    )
