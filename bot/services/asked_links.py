"""Remembers which links messages have asked for, so that an edit is compared with them."""

from collections import OrderedDict
from typing import Final

from bot.domain import links
from bot.domain.links import Link
from bot.domain.places import Message, Place

MAX_MESSAGES: Final = 5000
"""Messages that are remembered, about 0.5 KB each."""


class AskedLinks:
    """The links of the latest messages, in memory: ids and addresses of music services only."""

    def __init__(self) -> None:
        self._links: OrderedDict[tuple[Place, str], frozenset[Link]] = OrderedDict()

    def of(self, message: Message) -> frozenset[Link] | None:
        """Return the links that a message has asked for; None if it is not remembered."""
        return self._links.get((message.place, message.id))

    def add(self, message: Message) -> None:
        """Note the links in a message's text, beside those that it asked for before."""
        self._put(message, self.of(message) or frozenset())

    def replace(self, message: Message) -> None:
        """Note the links in a message's text, instead of those that it asked for before."""
        self._put(message, frozenset())

    def _put(self, message: Message, others: frozenset[Link]) -> None:
        key = (message.place, message.id)
        self._links[key] = others | frozenset(links.find(message.text).links)
        self._links.move_to_end(key)
        if len(self._links) > MAX_MESSAGES:
            self._links.popitem(last=False)
