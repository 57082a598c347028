"""Edits of cards by the tokens of votes, where the bot may not edit its own message.

It may not where it is an app that a person installed, and not a message that one person sees.
"""

from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from bot.domain.ports import Now
from bot.platforms.discord.uploads import Edit

TOKEN_LIFETIME: Final = timedelta(minutes=15)
"""Time for which the token of an interaction is valid, by Discord's documentation."""

MAX_MESSAGES: Final = 1000
"""Messages whose latest edit is remembered."""


class TokenEdit(NamedTuple):
    """The edit of a message, and whether the message is behind a spoiler."""

    edit: Edit
    hidden: bool


class TokenEdits:
    """The edits of the messages that were voted on last; the others are forgotten."""

    def __init__(self, now: Now, max_messages: int = MAX_MESSAGES) -> None:
        self._now = now
        self._max_messages = max_messages
        self._edits: OrderedDict[str, tuple[TokenEdit, datetime]] = OrderedDict()

    def remember(self, message_id: str | None, edit: TokenEdit) -> None:
        """Store the edit of a message by a token that was received now."""
        if message_id is None:
            return
        self._edits.pop(message_id, None)
        self._edits[message_id] = (edit, self._now())
        if len(self._edits) > self._max_messages:
            self._edits.popitem(last=False)

    def of(self, message_id: str | None) -> TokenEdit | None:
        """Return the edit of a message; None if no token for it is valid."""
        edit, since = self._edits.get(message_id or "", (None, None))
        return edit if since and self._now() - since < TOKEN_LIFETIME else None
