"""Interface of the scenario to a platform: a person in its chat, with the real services."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class DisplayedCard:
    """A card as a person sees it: id, text, chart, and the genre that counts as their vote."""

    id: int
    text: str
    chart: bytes
    counted: str | None


class Driver(Protocol):
    """A person in a chat."""

    async def paste(self, text: str) -> Sequence[DisplayedCard | str]:
        """Post a message; return the replies, cards or sentences."""

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
