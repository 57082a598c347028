"""Interface of the scenario to a platform: a person in its chat, with the real services."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True)
class DisplayedCard:
    """A card as a person sees it: id, text, chart, and the genre that counts as their vote."""

    id: int
    text: str
    chart: bytes
    counted: str | None


@dataclass(frozen=True)
class Offer:
    """A summary of an album, or a sentence, that offers songs to choose from.

    Attributes:
        id: Its id in the chat.
        text: What it says.
        labels: Labels of the songs.
        chart: The chart of a summary.
        asking: Message that asks for each song by its label, where a choice sends a message.
    """

    id: int | str
    text: str
    labels: Sequence[str]
    chart: bytes | None = None
    asking: Mapping[str, str] = field(default_factory=dict)


Reply = DisplayedCard | Offer | str


class Driver(Protocol):
    """A person in a chat."""

    async def paste(self, text: str) -> Sequence[Reply]:
        """Post a message; return the replies: cards, summaries or sentences."""

    async def drop_file(self, name: str, content: bytes) -> Sequence[Reply]:
        """Post a file without text; return the replies to it."""

    async def vote(
        self, card: DisplayedCard, kind: str, genre: str, *, added: bool = True
    ) -> str | None:
        """Vote or take the vote back; return the genre that counts afterwards.

        `kind` is `right`, `reaction` or `choice`, as in `bot.domain.votes.VoteKind`.
        """

    async def history(self) -> Sequence[DisplayedCard]:
        """Return the cards in the chat, oldest first."""

    async def stats(self) -> str:
        """Return the workspace's statistics in words."""


class ChoosingDriver(Driver, Protocol):
    """A person who also asks by command, for albums, and for songs that are offered."""

    async def ask(self, text: str) -> Reply:
        """Ask by a command; return the reply."""

    async def pick(self, reply: Offer, label: str) -> DisplayedCard:
        """Choose the song whose label contains `label`; return its card."""

    async def progress_lines(self) -> Sequence[str]:
        """Return the sentences about the progress of an album that are displayed now."""


class CardDriver(ChoosingDriver, Protocol):
    """A person who also uses the buttons of a card."""

    async def press(self, card: DisplayedCard, genre: str) -> str | None:
        """Vote by the button for a genre; return the genre that the card says counts."""

    async def take_back(self, card: DisplayedCard) -> str | None:
        """Press "Take back" after a vote; return what counts afterwards."""

    async def details(self, card: DisplayedCard) -> str:
        """Return the details of a card."""

    async def save(self, card: DisplayedCard) -> bytes:
        """Return the picture of a card."""


class EditingDriver(CardDriver, Protocol):
    """A person in a chat whose messages can be changed."""

    async def say(self, text: str) -> None:
        """Post a message that is not answered."""

    async def edit(self, text: str) -> Sequence[DisplayedCard]:
        """Change the latest message, such that other cards answer it; return all cards."""

    async def throw_away(self, card: DisplayedCard) -> None:
        """Delete a card by the wastebasket."""
