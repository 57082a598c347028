"""Limits how often a person and a channel are answered."""

from collections import OrderedDict
from typing import Final

from bot import texts
from bot.concurrency.rate_limiter import RateLimiter
from bot.domain.places import Message, Place
from bot.domain.replies import Notice, NoticeKind

PER_PERSON: Final = 10
PER_CHANNEL: Final = 30
WINDOW_SECONDS: Final = 60.0

MAX_COUNTED: Final = 1000
"""Messages that are remembered as counted."""


class RateLimits:
    """Rate limits of a shared chat, held in memory for one process."""

    def __init__(self) -> None:
        self._people = RateLimiter(PER_PERSON, WINDOW_SECONDS)
        self._channels = RateLimiter(PER_CHANNEL, WINDOW_SECONDS)
        self._counted: OrderedDict[str, None] = OrderedDict()

    def check(self, message: Message) -> Notice | None:
        """Count a message, or return the notice that refuses it.

        A message that was counted is not counted again, when its job is repeated.
        """
        key = f"{message.place}/{message.id}"
        if key in self._counted:
            return None
        if wait := self._people.wait_time(_person(message)):
            return Notice(NoticeKind.PERSON_RATE_LIMITED, texts.slow_down(wait))
        if wait := self._channels.acquire(_channel(message.place)):
            return Notice(NoticeKind.CHANNEL_RATE_LIMITED, texts.channel_busy(wait))
        self._people.acquire(_person(message))
        self._counted[key] = None
        if len(self._counted) > MAX_COUNTED:
            self._counted.popitem(last=False)
        return None


def _channel(place: Place) -> str:
    return str(place)


def _person(message: Message) -> str:
    return f"{message.place.platform}/{message.place.workspace}/{message.user}"
