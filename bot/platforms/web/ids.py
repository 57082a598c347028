"""Ids of the web platform: its one place, messages, sent cards and visitors."""

import re
import secrets
from typing import Final

from bot.domain.places import Place

# The workspace has the platform's former name: user hashes contain it.
PLACE: Final = Place("web", "local", "chat")

MAX_DATABASE_ID: Final = 2**63 - 1
"""Largest integer that a database stores."""

_MESSAGE_ID: Final = re.compile(r"[0-9A-Za-z-]{8,64}")
_VISITOR_ID: Final = re.compile(r"[0-9a-f]{32}")


def is_message_id(value: object) -> bool:
    """Return whether a value is a message id as the page makes it."""
    return isinstance(value, str) and _MESSAGE_ID.fullmatch(value) is not None


def card_message_id(message_id: str, number: int) -> str:
    """Return the id under which card `number` of the reply to a message is stored."""
    return f"{message_id}/{number}"


def answered_message_id(card_message_id: str) -> str:
    """Return the id of the message that a stored card answers."""
    return card_message_id.partition("/")[0]


def visitor_id(cookie: str) -> str:
    """Return the visitor id in a cookie, or a new random one if it is not valid."""
    return cookie if _VISITOR_ID.fullmatch(cookie) else secrets.token_hex(16)
