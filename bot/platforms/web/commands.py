"""Commands of the chat: /genre, /genre-stats, /labels, /help, /forget-me; and files."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot import texts
from bot.domain.collections import Progress
from bot.domain.errors import StorageFailed
from bot.domain.places import Message, Place
from bot.domain.replies import Choice, Notice, NoticeKind, Reply
from bot.domain.statistics import WorkspaceStats
from bot.platforms.web.ids import PUBLIC_PLACE
from bot.platforms.web.uploads import Upload
from bot.services.ask import describe, hint
from bot.services.failures import failure_notice, reply_or_notice
from bot.services.services import Services
from bot.texts import learned, manners, own_labels, web_page

EXAMPLES: Final = tuple(Choice(*example) for example in manners.EXAMPLES)
"""Songs that the help offers."""


class Commands:
    """Answers commands, ordinary messages and files."""

    def __init__(self, services: Services) -> None:
        self._ask = services.ask
        self._cards = services.cards
        self._labels = services.own_labels
        self._listen = services.listen
        self._statistics = services.statistics
        self._voting = services.voting

    async def reply(
        self, message: Message, progress: Progress | None = None, *, is_search: bool = False
    ) -> Sequence[Reply]:
        """Return the replies to a message; never empty.

        `progress` is awaited while the songs of an album, a playlist or an artist are looked up.
        With `is_search`, a message without a link asks for the song that it names.
        """
        try:
            return await self._reply(message, progress, is_search=is_search)
        except StorageFailed as error:
            return [failure_notice(error, describe(message))]

    @staticmethod
    def asks_to_forget(message: Message) -> bool:
        """Return whether a message asks to delete what is stored about its author."""
        return message.text.casefold().split(maxsplit=1)[:1] == ["/forget-me"]

    async def listen(
        self, message: Message, upload: Upload, progress: Progress | None = None
    ) -> Sequence[Reply]:
        """Return the reply to a file; `progress` is awaited while it waits for its turn.

        If the page is one's own, what is heard is stored with the answer.
        """
        work = self._listen.answer_file(
            upload.file,
            upload.name,
            message,
            progress,
            of_stranger=message.place == PUBLIC_PLACE,
        )
        try:
            return [await reply_or_notice(work, describe(message), upload.name)]
        except StorageFailed as error:
            return [failure_notice(error, describe(message))]

    async def _reply(
        self, message: Message, progress: Progress | None, *, is_search: bool
    ) -> Sequence[Reply]:
        name, rest, *_ = *message.text.split(maxsplit=1), "", ""
        if not name.startswith("/"):
            return await self._answer_text(message, progress, is_search=is_search and bool(name))
        return await self._command(message, name, rest, progress)

    async def _command(
        self, message: Message, name: str, rest: str, progress: Progress | None
    ) -> Sequence[Reply]:
        match name.casefold():
            case "/genre":
                asked = replace(message, text=rest.strip())
                return await self._ask.answer_question(asked, progress=progress)
            case "/genre-stats":
                stats = await self._statistics.of_workspace(message.place)
                return [stats if isinstance(stats, Notice) else _statistics(stats)]
            case "/labels":
                return [await self._change_labels(message, rest)]
            case "/forget-me":
                return [await self._voting.forget(message.place, message.user)]
            case _:
                return [Notice(NoticeKind.HELP, _help(message.place), EXAMPLES)]

    async def _answer_text(
        self, message: Message, progress: Progress | None, *, is_search: bool
    ) -> Sequence[Reply]:
        if replies := await self._ask.answer_message(message, progress):
            return replies
        if is_search and "://" not in message.text:
            return await self._ask.answer_question(message, progress=progress)
        return [hint()]

    async def _change_labels(self, message: Message, said: str) -> Notice:
        """Run a command about labels; anyone who uses the page of this computer may change them."""
        if message.place == PUBLIC_PLACE:
            return Notice(NoticeKind.NOT_ALLOWED, own_labels.NOT_ON_PUBLIC_PAGE)
        return await self._labels.run(
            message.place, said, lambda: self._cards.requested_by(message.place, message.user)
        )


def _statistics(stats: WorkspaceStats) -> Notice:
    """Return statistics as lines, with the disputed songs to ask for."""
    lines = [texts.stats(stats)]
    if stats.disputed:
        lines += [f"{learned.DISPUTED}:", *map(learned.disputed, stats.disputed)]
    choices = [
        Choice(texts.choice_label(song.track), song.track.ref)
        for song in stats.disputed
        if song.track.ref
    ]
    return Notice(NoticeKind.STATISTICS, "\n".join(lines), tuple(choices))


def _help(place: Place) -> str:
    return web_page.PUBLIC_HELP if place == PUBLIC_PLACE else web_page.HELP
