"""The charts of sent messages, so that an edit keeps them and does not upload them again."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Final, NamedTuple, Self

import discord

from bot.domain.replies import AlreadyShown, Reply
from bot.platforms.discord import present

MAX_MESSAGES: Final = 1000
"""Messages whose charts are remembered, about 300 bytes each."""


class Sent(NamedTuple):
    """A message as Discord returned it after it was sent, edited or found.

    Attributes:
        id: Its id.
        chart: The chart that it displays, if any.
    """

    id: int
    chart: present.UploadedChart | None = None

    @classmethod
    def of(cls, message: discord.Message) -> Self:
        """Return what is needed of a message."""
        return cls(message.id, present.uploaded_chart(message.components))


class SentReply(NamedTuple):
    """A reply, and the message that displays it."""

    id: int
    reply: Reply | AlreadyShown


Edit = Callable[..., Awaitable[Sent]]
"""Edits one message, with the arguments of `Message.edit`; raises discord.py's exceptions."""


def edit_of(message: discord.PartialMessage) -> Edit:
    """Return the edit of a message in a channel."""

    async def edit(**form: object) -> Sent:
        return Sent.of(await message.edit(**form))  # type: ignore[arg-type] # as in `Edit`

    return edit


class UploadedCharts:
    """The charts of the messages that were sent or edited last; the others are forgotten.

    Own code because cachetools, which has such a mapping, is not among the dependencies.
    """

    def __init__(self, max_messages: int = MAX_MESSAGES) -> None:
        self._max_messages = max_messages
        self._charts: OrderedDict[str, present.UploadedChart] = OrderedDict()

    def remember(self, sent: Sent) -> None:
        """Store the chart that a message displays now, or that it displays none."""
        message_id = str(sent.id)
        self._charts.pop(message_id, None)
        if sent.chart:
            self._charts[message_id] = sent.chart
        if len(self._charts) > self._max_messages:
            self._charts.popitem(last=False)

    def of(self, message_id: str | None) -> present.UploadedChart | None:
        """Return the chart of a message; None if it has none or it is not known."""
        return self._charts.get(message_id) if message_id else None
