"""Jobs: deliveries of a chat that the bot has accepted, and must work off.

A delivery is stored as a job before it is acknowledged. A job ends when it is answered or expires;
when a process ends, another one takes over its jobs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from bot.domain.places import Place

Payload = Mapping[str, Any]
"""JSON object. It holds ids, links and the words of a search; never the text of a message, nor the
name or address of a file."""


class JobKind(StrEnum):
    """What a delivery asks for."""

    MESSAGE = "message"
    """A message with links or files, or one that mentions the bot."""
    EDIT = "edit"
    """A message was edited: its answers follow. Of the answers, only new ones may come too late."""
    COMMAND = "command"
    REACTION = "reaction"
    """A reaction that counts as a vote or deletes a reply, or its removal."""
    CHOICE = "choice"
    """A choice in the menu or a press of a button under a card that is about a vote."""
    CARD = "card"
    """A press of a button that asks for a card's details or its picture."""
    DELETION = "deletion"
    """A message was deleted."""
    RELEASE = "release"
    """A press of the button that answers the links that wait in a channel."""
    PICK = "pick"
    """A press of a button, or a choice in a menu, that asks for a track's card."""
    SETTING = "setting"
    """A change of settings on a page of the chat."""
    WELCOME = "welcome"
    """The bot was added to a channel."""
    REFRESH = "refresh"
    """A person was forgotten: the cards that display their votes are updated (`marks`)."""


LASTING: Final = frozenset(
    {
        JobKind.EDIT,
        JobKind.REACTION,
        JobKind.CHOICE,
        JobKind.DELETION,
        JobKind.RELEASE,
        JobKind.SETTING,
        JobKind.REFRESH,
    }
)
"""Kinds that are worked off however old they are; an answer to an old message is not wanted."""

FREEING: Final = frozenset({JobKind.RELEASE, JobKind.COMMAND})
"""Kinds that may leave jobs in the inbox which no process has taken yet."""


MAX_ATTEMPTS: Final = 50
MAX_LASTING_ATTEMPTS: Final = 1000
"""Processes that may take a job, and attempts that its database may make fail; then it is given up.

High, as a process may be killed again and again for reasons of its own. The second bound is that of
the kinds in LASTING.
"""

MAX_KEY_LENGTH: Final = 400
"""Characters of a job's place and id together."""


@dataclass(frozen=True, slots=True)
class Job:
    """A delivery.

    Attributes:
        place: Where it happened.
        id: The platform's id of the delivery, unique in its place.
        kind: What it asks for.
        payload: What is needed to work it off, in the platform's own form.
        order: Jobs with the same key are worked off one after another; None without an order.

    Raises ValueError for ids that are too long or not of printable ASCII characters, as no chat's
    are: a database may refuse them, and with them all deliveries that are stored together.
    """

    place: Place
    id: str
    kind: JobKind
    payload: Payload
    order: str | None = None

    def __post_init__(self) -> None:
        """Check the ids."""
        key = self.key
        if len(key) > MAX_KEY_LENGTH or not (key.isascii() and key.isprintable()):
            raise ValueError("the ids of a delivery are malformed")

    @property
    def key(self) -> str:
        """Identifies the delivery on all platforms."""
        return f"{self.place}/{self.id}"


@dataclass(frozen=True, slots=True)
class PlannedReply:
    """A reply as it is stored before it is sent: a card, a pointer to a card, or a sentence."""

    card_id: int | None = None
    shown_in: str | None = None
    """Message that displays the card already."""
    notice: tuple[str, str] | None = None
    """Kind and text of a notice."""
    choices: Sequence[tuple[str, str]] = ()
    """Label and reference of each track that the notice offers."""
    summary_id: int | None = None
    """The summary of a collection."""


@dataclass(frozen=True, slots=True)
class StoredJob:
    """A job in the inbox.

    Attributes:
        id: Its number there; lower numbers were accepted earlier.
        job: The delivery.
        accepted_at: When it was stored.
        attempts: How many processes took it, this one included.
        plan: The replies that are being sent; None before they are known.
        released: Whether it is answered in spite of the rate limits.
        owner: The process that works it off; empty if none does.
    """

    id: int
    job: Job
    accepted_at: datetime
    attempts: int = 1
    plan: Sequence[PlannedReply] | None = None
    released: bool = False
    owner: str = ""

    @property
    def is_hopeless(self) -> bool:
        """Whether it was tried so often that it is given up."""
        lasting = self.job.kind in LASTING
        return self.attempts > (MAX_LASTING_ATTEMPTS if lasting else MAX_ATTEMPTS)


@dataclass(frozen=True, slots=True)
class GatewaySession:
    """A connection to a chat's event stream, as far as its events are stored.

    Attributes:
        shard: Number of the shard.
        session_id: The chat's id of the session.
        url: Address at which the session is resumed.
        sequence: Number of the last event before which nothing is missing.
    """

    shard: int
    session_id: str = field(repr=False)
    url: str
    sequence: int
