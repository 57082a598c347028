"""What messages display, and the result of sending one."""

from dataclasses import dataclass
from enum import Enum, auto

from bot.domain.cards import Card
from bot.domain.replies import Notice, Summary
from bot.domain.statistics import WorkspaceStats


@dataclass(frozen=True, slots=True)
class Pointer:
    """Refers to a card that the channel displays already, by its address."""

    address: str


Content = Card | Summary | Notice | Pointer | WorkspaceStats
"""What a message displays."""


class Outcome(Enum):
    """Outcome of sending a reply."""

    SENT = auto()
    NOT_NEEDED = auto()
    """The answered message is deleted."""
    REFUSED = auto()
    """A further attempt is useless, or could repeat the reply."""
    UNREACHABLE = auto()


@dataclass(frozen=True, slots=True)
class SendResult:
    """Result of sending a reply; `ts` is None if it was sent through a `response_url`."""

    outcome: Outcome
    content: Content | None = None
    ts: str | None = None
