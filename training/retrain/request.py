"""What is to be retrained, and whether there are corrections enough for it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from model.bundle import Metadata
from model.lifecycle import State
from training.feedback.reading import NOTHING, Exclusion
from training.retrain.gathering import Gathered
from training.retrain.outcome import Outcome

LEAST_CORRECTIONS: Final = 20
LEAST_HELD_BACK: Final = 5
"""Corrections to train on, and to judge by; with fewer, nothing is trained."""


@dataclass(frozen=True, slots=True)
class Request:
    """What to retrain.

    Attributes:
        name: Name of the model.
        seed: Seed of all random draws.
        data: Folder of training tables to fit anew from; None to train a bundle further.
        exclusion: Votes to leave out.
        from_base: Whether to start from the latest version that no correction was trained into,
            rather than from the active one. With an exclusion it always does.
        hold_after_rollback: Whether the candidate waits for a person if one has gone back to the
            active version.
    """

    name: str
    seed: int = 0
    data: Path | None = None
    exclusion: Exclusion = NOTHING
    from_base: bool = False
    hold_after_rollback: bool = False

    @property
    def unlearns(self) -> bool:
        """Whether the candidate may have learnt nothing from corrections before."""
        return self.from_base or self.exclusion != NOTHING


def too_few(corrections: Gathered, request: Request, active: Metadata) -> Outcome | None:
    """Return the outcome if there are too few corrections to train on; None if there are enough.

    It is a rejection if the active version is to unlearn, as it stays active.
    """
    trained, held_back = len(corrections.trained), len(corrections.held_back)
    if trained >= LEAST_CORRECTIONS and held_back >= LEAST_HELD_BACK:
        return None
    few = (
        f"Corrections to train on: {trained}, to judge by: {held_back}; {LEAST_CORRECTIONS} and "
        f"{LEAST_HELD_BACK} are needed."
    )
    if request.unlearns and active.lineage:
        reasons = (few, *way_back(active), *corrections.left_out)
        return Outcome(None, State.REJECTED, reasons, changed=False)
    return Outcome(active.version, State.ACTIVE, (few, *corrections.left_out), changed=False)


def way_back(active: Metadata) -> tuple[str, ...]:
    """Return how to stop serving what was learnt; nothing if the active version has not learnt."""
    if active.lineage is None:
        return ()
    if not (base := active.lineage.base):
        return ("The active model has learnt from corrections; `models list` has others.",)
    way = f"{base} has not: `models promote {base}` returns to it."
    return (f"The active model has learnt from corrections. {way}",)
