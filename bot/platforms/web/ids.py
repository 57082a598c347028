"""Ids of the web platform: its places, messages, sent replies and visitors."""

import re
import secrets
from typing import Final

from bot.domain.places import PAGE, PUBLIC, Place

# The workspace has the platform's former name: user hashes contain it.
PLACE: Final = Place(PAGE, "local", "chat")
PUBLIC_PLACE: Final = Place(PAGE, PUBLIC, "chat")

MAX_DATABASE_ID: Final = 2**63 - 1
"""Largest integer that a database stores."""

MESSAGE_ID: Final = r"[0-9A-Za-z-]{8,64}"
"""Regular expression of a message id as the page makes it."""

_SEPARATOR: Final = "."
"""Between a message id, which has none, and what makes the reply's id unique."""

_MESSAGE_ID: Final = re.compile(MESSAGE_ID)
_SUMMARY_ID: Final = re.compile(r"[^/]+/\d+/summary/([1-9]\d{0,18})")
_VISITOR_ID: Final = re.compile(r"[0-9a-f]{32}")


def is_message_id(value: object) -> bool:
    """Return whether a value is a message id as the page makes it."""
    return isinstance(value, str) and _MESSAGE_ID.fullmatch(value) is not None


def new_reply_id(message_id: str) -> str:
    """Return a new id for the reply to a message.

    Visitors may use the same message id, as browsers make them, so chance makes the reply's id
    unique. It tells nothing about the visitor, and is kept when that visitor asks to be forgotten.
    Earlier versions stored the message id alone.
    """
    return f"{message_id}{_SEPARATOR}{secrets.token_hex(8)}"


def card_message_id(reply_id: str, number: int) -> str:
    """Return the id under which card `number` of a reply is stored."""
    return f"{reply_id}/{number}"


def summary_message_id(reply_id: str, number: int, summary_id: int) -> str:
    """Return the id under which a summary in a reply is stored.

    The table of messages refers to cards only, so the id tells which summary it is.
    """
    return f"{card_message_id(reply_id, number)}{summary_ending(summary_id)}"


def summary_ending(summary_id: int) -> str:
    """Return how the id ends under which a summary is stored."""
    return f"/summary/{summary_id}"


def displayed_summary(stored_id: str) -> int | None:
    """Return the id of the summary that a stored message displays; None if it displays none."""
    found = _SUMMARY_ID.fullmatch(stored_id)
    return int(found[1]) if found else None


def answered_message_id(stored_id: str) -> str:
    """Return the id of the message that a stored card or summary answers."""
    return stored_id.partition("/")[0].partition(_SEPARATOR)[0]


def visitor_id(cookie: str) -> str:
    """Return the visitor id in a cookie, or a new random one if it is not valid."""
    return cookie if _VISITOR_ID.fullmatch(cookie) else secrets.token_hex(16)
