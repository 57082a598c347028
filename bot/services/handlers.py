"""What the core offers to a platform, and what a platform is. None needs inheritance."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol

from bot.domain.cards import AlreadyShown, Card, Notice, Reply, Theme
from bot.domain.channel_settings import ChannelSettings, SettingsChange
from bot.domain.places import Message, Place
from bot.domain.statistics import WorkspaceStats
from bot.domain.tracks import Track
from bot.domain.votes import Ballot, Vote


class Handlers(Protocol):
    """What the core offers to a platform. None of these raises: what went wrong is a Notice."""

    async def on_message(self, message: Message) -> Sequence[Reply]:
        """Answer the links of an ordinary message; empty when there is nothing to say."""

    async def on_question(self, message: Message) -> Sequence[Reply]:
        """Answer someone who asked: `text` is a link or "song - artist"; never empty."""

    async def on_shown(self, message: Message, shown_as: str, reply: Reply | AlreadyShown) -> None:
        """Note that `reply`, to `message`, is shown by the message `shown_as`."""

    async def on_vote(self, vote: Vote) -> Ballot | Notice:
        """Record a vote, a correction, or its being taken back."""

    async def on_forget(self, place: Place, user: str) -> Notice:
        """Delete what is kept about a person."""

    async def ballot(self, place: Place, user: str, card_id: int) -> Ballot:
        """Return what a person has said of a card; empty when it cannot be read."""

    async def chart(self, card: Card, theme: Theme) -> bytes | None:
        """Draw a card's chart; None when it cannot be drawn."""

    async def card_shown(self, place: Place, shown_as: str) -> Card | None:
        """Return the card that a message shows."""

    async def card(self, card_id: int) -> Card | None:
        """Return a card that was given before."""

    async def history(self, place: Place) -> Sequence[tuple[str, Card]]:
        """Return the latest cards of a place with the messages that show them, oldest first."""


class Room(Protocol):
    """What the core offers to a chat that many people share. None of these raises.

    Here a message is answered once, whoever delivers it again and whichever process gets it; by
    the settings of its channel; and not too often.
    """

    async def on_pasted(
        self, message: Message, *, addressed: bool
    ) -> Sequence[Reply | AlreadyShown]:
        """Answer the links of a message that everyone reads; `addressed` if it names the bot."""

    async def on_asked(self, message: Message) -> Sequence[Reply]:
        """Answer a command: `text` is a link or "song - artist"; empty only for a repeated one."""

    async def on_stats_asked(self, message: Message) -> WorkspaceStats | Notice | None:
        """Return the figures of a workspace for a command; None only for a repeated one."""

    async def suggest(self, text: str) -> Sequence[Track]:
        """Return tracks that may be meant by what was typed so far; empty on trouble."""

    async def settings(self, place: Place) -> ChannelSettings:
        """Return how the bot behaves in a place; the defaults when it cannot be read."""

    async def held(self, place: Place) -> Notice:
        """Say how the bot behaves in a place."""

    async def change(self, place: Place, change: SettingsChange | None) -> Notice:
        """Set how the bot behaves in a place, or in a workspace; None takes all of it back."""

    async def stats(self, place: Place) -> WorkspaceStats | Notice:
        """Return the figures of the workspace of `place`."""

    async def stats_chart(self, stats: WorkspaceStats, theme: Theme) -> bytes | None:
        """Draw a workspace's figures; None when they cannot be drawn."""

    async def on_deleted(self, place: Place, message_id: str) -> Sequence[str]:
        """Note that a message is gone; return the answers to it, which should go too."""

    async def is_gone(self, place: Place, message_id: str) -> bool:
        """Say whether a message is known to be deleted; to be asked once its answer is noted."""

    async def first_time(self, place: Place, event_id: str) -> bool:
        """Note a message or another delivery in a place; False if it was noted before."""

    def on_shown(self, message: Message) -> None:
        """Let those go on who wait for the cards of a message, to point at them."""

    async def on_undelivered(self, message: Message) -> None:
        """Note that no answer arrived: delivered again, the message is a new one."""

    async def lately(self, place: Place, user: str) -> Sequence[Card]:
        """Return the cards that a person asked for last, in any channel, the latest first."""

    async def asked(self, place: Place, shown_as: str, user: str) -> bool:
        """Say whether a message of the bot's answers this person."""

    @property
    def models(self) -> Sequence[str]:
        """The models that a channel may choose."""


class SharedHandlers(Handlers, Protocol):
    """What the core offers to a platform whose chats many people share."""

    @property
    def room(self) -> Room:
        """The manners of such a chat."""

    async def tally(self, card_id: int) -> Mapping[str, int]:
        """Count the votes on a card by genre, in falling order; empty when it cannot be read."""


Ready = Callable[[str], Awaitable[None]]
"""Told, in one line for the operator, that a platform is up."""


class Platform(Protocol):
    """A chat."""

    @property
    def name(self) -> str:
        """Its name in `--platform`."""

    async def run(self, handlers: SharedHandlers, ready: Ready) -> None:
        """Connect, call `ready` with one line for the log, serve until cancelled, then clean up."""
