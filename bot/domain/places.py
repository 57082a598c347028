"""Places in a chat and the messages that people write there."""

from dataclasses import dataclass, replace

from model.feedback import PAGE, PUBLIC

__all__ = ["PAGE", "PUBLIC", "Message", "Place", "settings_place"]


@dataclass(frozen=True, slots=True)
class Place:
    """A channel of a workspace on a platform: `web`, `discord`, `slack` or `terminal`.

    An empty `channel` stands for the whole workspace.
    """

    platform: str
    workspace: str
    channel: str

    def __str__(self) -> str:
        return f"{self.platform}/{self.workspace}/{self.channel}"

    @property
    def shares_cards(self) -> bool:
        """Whether equal answers to several people are one card, as on the web page."""
        return self.platform == PAGE


@dataclass(frozen=True, slots=True)
class Message:
    """A message or command of a person.

    Attributes:
        place: Where it was written.
        id: The platform's id of the message or command, unique within its place.
        user: The platform's id of the author.
        text: Read for links or a search, then discarded: never stored, never logged.
        parent: Id of the channel that a thread belongs to; None outside threads.
        roles: The platform's ids of the author's roles; empty where there are none.
        is_spoiler: Whether a link in it is hidden until a reader asks to see it. Its answers are
            hidden then as well.
        is_direct: Whether only its author and the bot read the place, so that its answers are
            private.
    """

    place: Place
    id: str
    user: str
    text: str
    parent: str | None = None
    roles: frozenset[str] = frozenset()
    is_spoiler: bool = False
    is_direct: bool = False

    @property
    def settings_place(self) -> Place:
        """The place whose settings apply: for a thread, its parent channel."""
        return settings_place(self.place, self.parent)


def settings_place(place: Place, parent: str | None) -> Place:
    """Return the place whose settings apply in `place`: for a thread, its parent channel."""
    return replace(place, channel=parent) if parent else place
