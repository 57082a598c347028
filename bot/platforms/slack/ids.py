"""Slack's ids and ours. A message's id is its timestamp, unique in its channel."""

from collections.abc import Mapping
from typing import Any, Final

from bot.domain.places import Message, Place

PLATFORM: Final = "slack"

FILE: Final = "F"
"""What a file's id begins with, unlike a timestamp; files are remembered as answers, too."""

Json = Mapping[str, Any]


def place(team: str, channel: str) -> Place:
    """Return a channel of a workspace."""
    return Place(PLATFORM, team, channel)


def message(team: str, event: Json, text: str) -> Message:
    """Return the message that an event is about; `text` is what of it is read."""
    # link_shared names the message otherwise than the rest.
    written = event.get("message_ts") or event["ts"]
    return Message(place(team, event["channel"]), written, event["user"], text)


def command(payload: Json, text: str) -> Message:
    """Return a slash command as a message; its trigger names it."""
    where = place(payload["team_id"], payload["channel_id"])
    return Message(where, payload["trigger_id"], payload["user_id"], text)


def thread(event: Json) -> str:
    """Return the thread in which a message is answered: its own, or the one it lies in."""
    found: str = event.get("thread_ts") or event.get("message_ts") or event["ts"]
    return found
