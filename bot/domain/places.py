"""Where something is said, and what people write."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is said: `platform` is `local`, `discord`, `slack` or `terminal`."""

    platform: str
    workspace: str
    channel: str

    def ruling(self, parent: str | None) -> "Place":
        """Return the place whose settings hold here: of a thread, its parent channel."""
        return replace(self, channel=parent) if parent else self


@dataclass(frozen=True, slots=True)
class Message:
    """Something a person wrote. `text` is read and forgotten: never stored, never logged.

    `id` is the platform's own name of the message or command, unique within its place. `parent` is
    the channel that a thread belongs to: its settings hold in the thread.
    """

    place: Place
    id: str
    user: str
    text: str
    parent: str | None = None
