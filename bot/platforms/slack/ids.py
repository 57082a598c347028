"""Converts Slack's ids to places and messages. A message's id is its timestamp in its channel."""

from collections.abc import Mapping
from typing import Any, Final

from bot.domain.places import Message, Place

PLATFORM: Final = "slack"

FILE_PREFIX: Final = "F"
"""First letter of file ids. Files are stored as replies, too; timestamps start with a digit."""

Json = Mapping[str, Any]


def place(team: str, channel: str) -> Place:
    """Return a channel of a workspace."""
    return Place(PLATFORM, team, channel)


def message(team: str, event: Json, text: str) -> Message:
    """Return the message that an event refers to, with the given text."""
    # link_shared has the timestamp in another field.
    timestamp = event.get("message_ts") or event["ts"]
    return Message(place(team, event["channel"]), timestamp, event["user"], text)


def thread(event: Json) -> str:
    """Return the thread in which a message is answered: the one it is in, or its own."""
    timestamp: str = event.get("thread_ts") or event.get("message_ts") or event["ts"]
    return timestamp
