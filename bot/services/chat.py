"""What platforms call: neutral events in, cards and notices out. Nothing raises to a platform."""

import logging
from collections.abc import Mapping, Sequence
from typing import Final

from bot import texts
from bot.domain import links
from bot.domain.cards import AlreadyShown, Card, Notice, Reply, Theme
from bot.domain.errors import SoundslikeError, trace
from bot.domain.places import Message, Place
from bot.domain.ports import MessageStore, PredictionStore, Renderer
from bot.domain.votes import Ballot, Vote
from bot.services import handlers
from bot.services.ask import AskService, about
from bot.services.failure_notices import notice, or_none
from bot.services.voting import HashUser, VotingService

HISTORY: Final = 50

_log = logging.getLogger(__name__)


class ChatService:
    """The use cases behind `handlers.Handlers`."""

    def __init__(
        self,
        *,
        answers: AskService,
        feedback: VotingService,
        renderer: Renderer,
        predictions: PredictionStore,
        messages: MessageStore,
        hashed: HashUser,
        room: handlers.Room,
    ) -> None:
        self.room = room
        self._answers = answers
        self._feedback = feedback
        self._renderer = renderer
        self._predictions = predictions
        self._messages = messages
        self._hashed = hashed

    async def on_message(self, message: Message) -> Sequence[Reply]:
        """Answer the links of an ordinary message; empty when there is nothing to say."""
        found = links.find(message.text)
        return await self._answers.to_links(found.links, message) if found.links else []

    async def on_question(self, message: Message) -> Sequence[Reply]:
        """Answer someone who asked, by link or by free text."""
        return await self._answers.to_question(message)

    async def on_shown(self, message: Message, shown_as: str, reply: Reply | AlreadyShown) -> None:
        """Note which message shows a reply; without it that message takes no reactions."""
        card_id = reply.id if isinstance(reply, Card) else None
        asker = self._hashed(message.place, message.user)
        noted = self._messages.remember(
            message.place, shown_as, card_id, asker=asker, source=message.id
        )
        await or_none(noted, about(message))
        self.room.on_shown(message)

    async def on_vote(self, vote: Vote) -> Ballot | Notice:
        """Record a vote, a correction, or its being taken back."""
        try:
            return await self._feedback.record(vote)
        except SoundslikeError as error:
            return notice(error, f"card {vote.card_id}")

    async def on_forget(self, place: Place, user: str) -> Notice:
        """Delete what is kept about a person."""
        try:
            return Notice("done", texts.forgotten(await self._feedback.forget(place, user)))
        except SoundslikeError as error:
            return notice(error, "forget")

    async def ballot(self, place: Place, user: str, card_id: int) -> Ballot:
        """Return what a person has said of a card; empty when it cannot be read."""
        ballot = self._feedback.ballot(place, user, card_id)
        return await or_none(ballot, f"card {card_id}") or Ballot()

    async def tally(self, card_id: int) -> Mapping[str, int]:
        """Count the votes on a card by genre, in falling order; empty when it cannot be read."""
        return await or_none(self._feedback.tally(card_id), f"card {card_id}") or {}

    async def chart(self, card: Card, theme: Theme) -> bytes | None:
        """Draw a card's chart; None when it cannot be drawn."""
        try:
            return await self._renderer.chart(card.answer, theme)
        except Exception as error:  # noqa: BLE001 - a card without its picture is still a card
            _log.error("card %s: no chart: %s", card.id, trace(error))
            return None

    async def card_shown(self, place: Place, shown_as: str) -> Card | None:
        """Return the card that a message shows."""
        return await or_none(self._messages.find(place, shown_as), f"shown as {shown_as}")

    async def card(self, card_id: int) -> Card | None:
        """Return a card that was given before."""
        return await or_none(self._predictions.get(card_id), f"card {card_id}")

    async def history(self, place: Place) -> Sequence[tuple[str, Card]]:
        """Return the latest cards of a place with the messages that show them, oldest first."""
        return await or_none(self._messages.recent(place, HISTORY), "history") or []
