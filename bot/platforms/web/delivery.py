"""Answers each message once, although the page may send it several times."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Final, NamedTuple

from bot.concurrency.single_flight import SingleFlight
from bot.concurrency.wanted_work import NotWanted, while_wanted
from bot.domain.cards import Card
from bot.domain.places import Message, Place
from bot.domain.replies import Reply, Summary
from bot.platforms.web import ids
from bot.platforms.web.commands import Commands
from bot.platforms.web.uploads import Upload
from bot.services.cards import CardService
from bot.services.collections import CollectionService
from bot.services.failures import value_or_none

CACHE_SIZE: Final = 256
"""Replies kept in memory for messages that are sent again."""

CHECK_INTERVAL: Final = 1.0
"""Seconds between two looks whether a page still waits for an album."""

IsWaiting = Callable[[], bool]
"""Returns whether the page that sent a message is still connected."""


class Displayed(NamedTuple):
    """A card or summary of the history, and the message that it answers."""

    message_id: str
    reply: Card | Summary

    @property
    def kind(self) -> str:
        """Name of its kind in JSON."""
        return "card" if isinstance(self.reply, Card) else "summary"


class Delivery:
    """Returns the replies to messages.

    A message that is sent again, because its reply was lost, gets the same cards and summaries:
    from memory while this process runs, from the database after a restart. Message ids come from
    browsers: everything is kept by visitor and message id, so that a visitor who sends or asks for
    the id of another one's message gets nothing of it.
    """

    def __init__(
        self,
        commands: Commands,
        cards: CardService,
        collections: CollectionService,
    ) -> None:
        self._commands = commands
        self._cards = cards
        self._collections = collections
        self._replies: SingleFlight[tuple[Reply, ...]] = SingleFlight(CACHE_SIZE)
        self._waiting: dict[str, list[IsWaiting]] = {}
        self._progress: dict[str, str] = {}

    async def reply(
        self,
        message: Message,
        is_waiting: IsWaiting = lambda: True,
        upload: Upload | None = None,
        *,
        is_search: bool = False,
    ) -> Sequence[Reply]:
        """Return the replies to a message, or to a file that is sent as one; never empty.

        With `is_search`, a message without a link asks for the song that it names. Raises NotWanted
        if no page waits any more for an album that is looked up, or for a file that waits for its
        turn.
        """
        key = _key(message.user, message.id)
        with self._page_waits(key, is_waiting):
            while True:
                try:
                    return await self._replies.get(
                        key, lambda: self._reply(message, upload, is_search=is_search)
                    )
                except NotWanted:
                    if not is_waiting():
                        raise

    async def earlier_reply(
        self, message: Message, is_waiting: IsWaiting = lambda: True
    ) -> Sequence[Reply]:
        """Return the replies to a message that was sent before; none if it is not known.

        Raises NotWanted as `reply` does.
        """
        key = _key(message.user, message.id)
        with self._page_waits(key, is_waiting):
            return await self._replies.join(key) or await self._stored(message)

    def progress(self, visitor: str, message_id: str) -> str | None:
        """Return how far the answer to a visitor's message is, if it takes long for a reason."""
        return self._progress.get(_key(visitor, message_id))

    async def history(self, place: Place, visitor: str) -> Sequence[Displayed]:
        """Return the latest cards and summaries that a visitor got, oldest first."""
        sent = await self._cards.history(place, visitor)
        wanted = [ids.displayed_summary(stored_id) for stored_id, card in sent if card is None]
        summaries = await self._summaries([one for one in wanted if one is not None], place)
        displayed = []
        for stored_id, card in sent:
            reply = card or summaries.get(ids.displayed_summary(stored_id) or 0)
            if reply:
                displayed.append(Displayed(ids.answered_message_id(stored_id), reply))
        return displayed

    async def close(self) -> None:
        """Cancel the replies in progress."""
        await self._replies.close()

    @contextmanager
    def _page_waits(self, key: str, is_waiting: IsWaiting) -> Iterator[None]:
        waiting = self._waiting.setdefault(key, [])
        waiting.append(is_waiting)
        try:
            yield
        finally:
            waiting.remove(is_waiting)
            if not waiting:
                self._waiting.pop(key, None)

    async def _reply(
        self, message: Message, upload: Upload | None, *, is_search: bool
    ) -> tuple[Reply, ...]:
        with ExitStack() as stack:
            # The request, and with it its file, may end before the answer.
            own = stack.enter_context(upload.duplicate()) if upload else None
            stored = await self._stored(message)
            return stored or await self._answer(message, own, is_search=is_search)

    async def _answer(
        self, message: Message, upload: Upload | None, *, is_search: bool
    ) -> tuple[Reply, ...]:
        key = _key(message.user, message.id)

        async def tell(sentence: str) -> None:
            self._progress[key] = sentence

        async def is_wanted() -> bool:
            waiting = self._waiting.get(key, ())
            return key not in self._progress or any(is_waiting() for is_waiting in waiting)

        try:
            if upload:
                work = self._commands.listen(message, upload, tell)
            else:
                work = self._commands.reply(message, tell, is_search=is_search)
            replies = tuple(await while_wanted(work, is_wanted, CHECK_INTERVAL))
        finally:
            self._progress.pop(key, None)
        await self._record(message, replies)
        if self._commands.asks_to_forget(message):
            self._replies.discard_all(_key(message.user, ""))
        return replies

    async def _record(self, message: Message, replies: Sequence[Reply]) -> None:
        lasting = [reply for reply in replies if isinstance(reply, (Card, Summary))]
        reply_id = ids.new_reply_id(message.id)
        for number, reply in enumerate(lasting):
            if isinstance(reply, Card):
                stored_id = ids.card_message_id(reply_id, number)
                await self._cards.on_sent(message, stored_id, reply)
            else:
                stored_id = ids.summary_message_id(reply_id, number, reply.id)
                await self._cards.on_other_sent(message, stored_id)

    async def _stored(self, message: Message) -> tuple[Card | Summary, ...]:
        """Return the cards and summaries with which its author's message was answered before."""
        found: list[Card | Summary] = []
        for stored_id, card_id in await self._cards.replies_to_user(message):
            if card_id is None:
                reply: Card | Summary | None = await self._summary(stored_id, message.place)
            else:
                reply = await self._cards.displayed_by(message.place, stored_id)
            found += [reply] if reply else []
        return tuple(found)

    async def _summary(self, stored_id: str, place: Place) -> Summary | None:
        summary_id = ids.displayed_summary(stored_id)
        return (
            None
            if summary_id is None
            else (await self._summaries([summary_id], place)).get(summary_id)
        )

    async def _summaries(self, summary_ids: Sequence[int], place: Place) -> Mapping[int, Summary]:
        """Return summaries by their numbers; those that are unknown are left out."""
        if not summary_ids:
            return {}
        found = self._collections.get_all(summary_ids, place)
        return await value_or_none(found, "summaries") or {}


def _key(visitor: str, message_id: str) -> str:
    """Return under which key a visitor's message is kept in memory; visitors have no spaces."""
    return f"{visitor} {message_id}"
