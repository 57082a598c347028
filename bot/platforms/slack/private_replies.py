"""Replies that only the person who asked sees.

They are sent through the `response_url` of a command, a shortcut or a press. Slack knows no such
message afterwards: it has no file, cannot be reacted to, and is not recorded.
"""

import logging
from collections.abc import Sequence

from bot import texts
from bot.domain.cards import Card
from bot.domain.places import Message
from bot.domain.replies import AlreadyShown, Notice
from bot.platforms.slack.delivery import Delivery
from bot.platforms.slack.failures import FAILURES, error_code
from bot.platforms.slack.posting import ReplyTarget
from bot.platforms.slack.response_url import EPHEMERAL, send_ephemeral
from bot.services.listen import ListenService
from bot.services.reply_plans import Outgoing

_log = logging.getLogger(__name__)


class PrivateReplies:
    """Sends replies to one person."""

    def __init__(self, listen: ListenService, delivery: Delivery) -> None:
        self._listen = listen
        self._delivery = delivery

    async def send(
        self, replies: Sequence[Outgoing], target: ReplyTarget, message: Message, *, all_: bool
    ) -> Sequence[Outgoing]:
        """Send replies to the person who asked; return those that the channel is to see.

        Args:
            replies: The replies.
            target: Where they are sent.
            message: The message or command that they answer.
            all_: Whether the person is to see all of them. Otherwise cards and summaries are for
                the channel, as is a card again that was deleted unnoticed.
        """
        others = []
        for outgoing in replies:
            private = all_ or isinstance(outgoing.reply, (Notice, AlreadyShown))
            if not private or not await self._send_one(outgoing, target, message, all_=all_):
                others.append(outgoing)
        return others

    async def _send_one(
        self, outgoing: Outgoing, target: ReplyTarget, message: Message, *, all_: bool
    ) -> bool:
        """Send one reply; return False for a card that the channel is to see."""
        if outgoing.uncertain or outgoing.sent_as:  # what only the person sees is not recorded
            _log.warning("message %s: perhaps answered already", message.id)
            return True
        if target.respond is None:
            return True
        if isinstance(reply := outgoing.reply, Card):  # a stored reply has not all that was heard
            reply = self._listen.complete(reply)
        try:
            content = await self._delivery.content(target.client, message.place, reply)
            if isinstance(reply, AlreadyShown) and isinstance(content, Card) and not all_:
                return False
            new = content is reply
            form = await self._delivery.form(message.place, content, is_new=new)
            form = form.without_native_blocks()  # a refusal would not say which block it is about
            await target.respond(text=form.text, blocks=form.blocks, response_type=EPHEMERAL)
        except FAILURES as error:
            _log.warning("message %s: not sent: %s", message.id, error_code(error))
            await send_ephemeral(target.respond, texts.TRY_AGAIN)
        return True
