"""Result of `train retrain`."""

import json
from dataclasses import asdict, dataclass

from model.lifecycle import EXIT_REJECTED, State

EXIT_DONE = 0
"""Exit code: promoted, waiting in the shadow or nothing to do."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a retraining.

    Attributes:
        version: Version of the new model; that of the active one if there was nothing to do; None
            if there can be no new one although the active one is to unlearn.
        state: Its state: `active`, `rejected`, or `candidate` if it first answers in the shadow.
        reasons: Sentences that say why.
        changed: Whether a version was made or moved; False if there was nothing to do.
    """

    version: str | None
    state: State
    reasons: tuple[str, ...]
    changed: bool = True

    @property
    def exit_code(self) -> int:
        """Exit code of the command."""
        return EXIT_REJECTED if self.state is State.REJECTED else EXIT_DONE

    def to_json(self) -> str:
        """Return the outcome as JSON on one line."""
        return json.dumps(asdict(self), ensure_ascii=False)


def failure_json(sentence: str) -> str:
    """Return a failure as JSON on one line, of the same form as an outcome."""
    content = {"version": None, "state": "failed", "reasons": [sentence], "changed": False}
    return json.dumps(content, ensure_ascii=False)
