"""Commands of the chat: /genre, /help, /forget-me."""

from collections.abc import Sequence
from dataclasses import replace

from bot import texts
from bot.domain.collections import Progress
from bot.domain.errors import StorageFailed
from bot.domain.places import Message
from bot.domain.replies import Notice, NoticeKind, Reply
from bot.platforms.web.ids import PLACE
from bot.services.ask import AskService, describe, hint
from bot.services.failures import failure_notice
from bot.services.voting import VotingService


class Commands:
    """Answers commands and ordinary messages."""

    def __init__(self, ask: AskService, voting: VotingService) -> None:
        self._ask = ask
        self._voting = voting

    async def reply(self, message: Message, progress: Progress | None = None) -> Sequence[Reply]:
        """Return the replies to a message; never empty.

        `progress` is awaited while the songs of an album, a playlist or an artist are looked up.
        """
        try:
            return await self._reply(message, progress)
        except StorageFailed as error:
            return [failure_notice(error, describe(message))]

    async def _reply(self, message: Message, progress: Progress | None) -> Sequence[Reply]:
        name, rest, *_ = *message.text.split(maxsplit=1), "", ""
        if not name.startswith("/"):
            return await self._ask.answer_message(message, progress) or [hint()]
        match name.casefold():
            case "/genre":
                asked = replace(message, text=rest.strip())
                return await self._ask.answer_question(asked, progress=progress)
            case "/forget-me":
                return [await self._voting.forget(PLACE, message.user)]
            case _:
                return [Notice(NoticeKind.HELP, texts.HELP)]
