"""What platforms call: neutral events in, cards and notices out. Nothing raises to a platform."""

import asyncio
import logging
from collections.abc import Awaitable, Sequence
from typing import Final, TypeVar

from bot import links, texts
from bot.classify import Classify
from bot.errors import NoTrackLink, SoundslikeError, Unavailable, trace
from bot.feedback import Feedback, Hash
from bot.links import Link
from bot.ports import LinkResolver, MessageStore, PredictionStore, Renderer
from bot.values import Ballot, Card, Message, Notice, Place, Reply, Theme, Vote

HISTORY: Final = 50
LONGEST_SEARCH: Final = 300
"""Characters of a free-text search; more is no title."""

_log = logging.getLogger(__name__)
T = TypeVar("T")


class Core:
    """The use cases behind `ports.Handlers`."""

    def __init__(
        self,
        *,
        classify: Classify,
        feedback: Feedback,
        short_links: LinkResolver,
        renderer: Renderer,
        predictions: PredictionStore,
        messages: MessageStore,
        hashed: Hash,
    ) -> None:
        self._classify = classify
        self._feedback = feedback
        self._short_links = short_links
        self._renderer = renderer
        self._predictions = predictions
        self._messages = messages
        self._hashed = hashed

    async def on_message(self, message: Message) -> Sequence[Reply]:
        """Answer the links of an ordinary message; empty when there is nothing to say."""
        found = links.find(message.text)
        return await self._answer_links(found.links, message) if found.links else []

    async def on_question(self, message: Message) -> Sequence[Reply]:
        """Answer someone who asked, by link or by free text."""
        text = message.text.strip()
        found = links.find(text)
        if found.links:
            return await self._answer_links(found.links, message)
        if not text or len(text) > LONGEST_SEARCH or "://" in text:
            return [self._notice(NoTrackLink(), message.id)]
        return [await self._reply(self._classify.by_text(text, message.place), message.id)]

    async def on_shown(self, message: Message, shown_as: str, card: Card) -> None:
        """Note which message shows a card; without it that message takes no reactions."""
        asker = self._hashed(message.place, message.user)
        await self._quietly(
            self._messages.remember(message.place, shown_as, card.id, asker), message.id
        )

    async def on_vote(self, vote: Vote) -> Ballot | Notice:
        """Record a vote, a correction, or its being taken back."""
        try:
            return await self._feedback.record(vote)
        except SoundslikeError as error:
            return self._notice(error, f"card {vote.card_id}")

    async def on_forget(self, place: Place, user: str) -> Notice:
        """Delete what is kept about a person."""
        try:
            return Notice("done", texts.forgotten(await self._feedback.forget(place, user)))
        except SoundslikeError as error:
            return self._notice(error, "forget")

    async def ballot(self, place: Place, user: str, card_id: int) -> Ballot:
        """Return what a person has said of a card; empty when it cannot be read."""
        ballot = self._feedback.ballot(place, user, card_id)
        return await self._quietly(ballot, f"card {card_id}") or Ballot()

    async def chart(self, card: Card, theme: Theme) -> bytes | None:
        """Draw a card's chart; None when it cannot be drawn."""
        try:
            return await self._renderer.chart(card.answer, theme)
        except Exception as error:  # noqa: BLE001 - a card without its picture is still a card
            _log.error("card %s: no chart: %s", card.id, trace(error))
            return None

    async def card_shown(self, place: Place, shown_as: str) -> Card | None:
        """Return the card that a message shows."""
        return await self._quietly(self._messages.find(place, shown_as), "shown")

    async def card(self, card_id: int) -> Card | None:
        """Return a card that was given before."""
        return await self._quietly(self._predictions.get(card_id), f"card {card_id}")

    async def history(self, place: Place) -> Sequence[tuple[str, Card]]:
        """Return the latest cards of a place with the messages that show them, oldest first."""
        return await self._quietly(self._messages.recent(place, HISTORY), "history") or []

    async def _answer_links(self, found: Sequence[Link], message: Message) -> Sequence[Reply]:
        tracks, notices = await self._tracks(found, message.id)
        asked = (
            self._reply(self._classify.by_id(track_id, message.place), message.id)
            for track_id in tracks
        )
        return [*await asyncio.gather(*asked), *notices]

    async def _tracks(
        self, found: Sequence[Link], message_id: str
    ) -> tuple[list[str], list[Notice]]:
        """Resolve links to at most three distinct tracks; one notice for each kind of trouble."""
        resolved = await asyncio.gather(*(self._resolve(link, message_id) for link in found))
        tracks: dict[str, None] = {}
        kinds: dict[str, None] = {}
        failed: list[Notice] = []
        for link in resolved:
            if isinstance(link, Notice):
                failed = [link]
            elif link.kind == "track":
                tracks[link.id] = None
            else:
                kinds[link.kind] = None
        others = [self._notice(NoTrackLink(kind), message_id) for kind in kinds]
        return list(tracks)[: links.MOST_TRACKS], others + failed

    async def _resolve(self, link: Link, message_id: str) -> Link | Notice:
        if link.kind != links.SHORT:
            return link
        try:
            address = await self._short_links.resolve(link.id)
        except Unavailable as error:
            return self._notice(error, message_id)
        return (links.parse(address) if address else None) or link

    async def _reply(self, card: Awaitable[Card], message_id: str) -> Reply:
        try:
            return await card
        except SoundslikeError as error:
            return self._notice(error, message_id)
        except Exception as error:  # noqa: BLE001 - a chat never sees a stack trace
            _log.error("message %s: failed: %s", message_id, trace(error))
            return Notice("unavailable", texts.TRY_AGAIN)

    async def _quietly(self, work: Awaitable[T], what: str) -> T | None:
        try:
            return await work
        except SoundslikeError as error:
            self._notice(error, what)
            return None

    @staticmethod
    def _notice(error: SoundslikeError, message_id: str) -> Notice:
        cause = f" ({type(error.__cause__).__name__})" if error.__cause__ else ""
        _log.info("message %s: %s: %s%s", message_id, type(error).__name__, error, cause)
        return Notice(error.code, texts.failure(error))
