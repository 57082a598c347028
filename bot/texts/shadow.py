"""Sentences about candidates that run beside the active model: for the log and for the operator."""

from typing import Final

from bot.domain.shadow_answers import ShadowComparison

STORE: Final = "the model store"

NO_VOTES: Final = "there are no votes where they differ, and the gate had passed it"
PROMOTED: Final = "the votes do not speak against it"
REFUSED: Final = "more votes are against it than chance explains"


def compared(figures: ShadowComparison) -> str:
    """Return the figures of a candidate."""
    differs = f"differs on {figures.different} of {figures.answers} answers"
    return f"{differs}; votes: {figures.votes_for} for it, {figures.votes_against} against"


def followed(name: str, version: str, hours: float) -> str:
    """Return the log line for a candidate that begins to run beside the active model."""
    return f"model {name} {version} is a candidate: it classifies unseen for {hours:g} hours"


def not_followed(name: str, why: object) -> str:
    """Return the log line for a candidate that cannot be found, loaded, promoted or rejected."""
    return f"the candidate of model {name} was not followed: {why}"


def not_classified(name: str, version: str, why: str) -> str:
    """Return the log line for the first answer that a candidate did not classify."""
    return f"candidate {name} {version} did not classify an answer: {why}"


def unusable(why: object) -> str:
    """Return why a candidate that cannot be served is rejected."""
    return f"it cannot be served: {why}"


def outdated(compared: str, active: str) -> str:
    """Return why a candidate is rejected that was not compared with the active version."""
    return f"the gate compared it with {compared}, but {active} is active now"


def decided(name: str, version: str, state: str, why: tuple[str, ...]) -> str:
    """Return the log line for a candidate that was promoted or rejected."""
    return f"model {name} {version} is {state} after its time as a candidate: {'; '.join(why)}"
