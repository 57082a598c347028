"""Reads what a message asks for, in Slack's markup (https://docs.slack.dev/messaging/formatting-message-text).

Slack writes every link as `<address>`, so angle brackets mean nothing. Code does: a link in it is
quoted, not shared.
"""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.domain import links
from bot.domain.links import LinksFound
from bot.domain.silence import is_silenced

USER_SUBTYPES: Final = frozenset({None, "thread_broadcast", "file_share", "me_message"})
"""Subtypes of messages that people write."""

# A block of lines; a link alone in code; a part of a line, whose marks are at the ends of words.
_CODE: Final = re.compile(
    r"```.+?```|`[ \t]*<[^<>`\n]+>[ \t]*`|(?<![\w`])`[^`\n]+`(?![\w`])", re.DOTALL
)

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message asks for.

    Attributes:
        links: The links to be answered.
        addressed: Whether it mentions the bot or is a direct message to it.
        silenced: Whether its author asks for no answer.
    """

    links: LinksFound
    addressed: bool
    silenced: bool

    @property
    def as_text(self) -> str:
        """The links as a text."""
        return links.as_text(self.links)


def read(message: Json, bot_user: str | None, *, addressed: bool = False) -> Reading:
    """Return what a message asks for.

    A message that addresses the bot is answered although it begins with a mark or has its link in
    code.

    Args:
        message: The message.
        bot_user: The bot's user.
        addressed: Whether it addresses the bot also without a mention.
    """
    raw = message.get("text") or ""
    addressed = addressed or f"<@{bot_user}>" in raw
    silenced = not addressed and is_silenced(html.unescape(raw))
    answered = "" if silenced else raw if addressed else without_code(raw)
    return Reading(links.find(html.unescape(answered)), addressed, silenced)


def without_code(text: str) -> str:
    """Return a message's text with a space in place of each part that Slack displays as code."""
    return _CODE.sub(" ", text)


def has_link_marker(message: Json) -> bool:
    """Return whether a message may have a link to a music service, quoted or not."""
    text = str(message.get("text") or "").lower()
    return any(name in text for name in links.LINK_MARKERS)


def is_by_person(message: Json, bot_user: str | None) -> bool:
    """Return whether a person wrote a message, and no app and no notice of Slack's own."""
    known = message.get("subtype") in USER_SUBTYPES and not is_by_app(message)
    return known and message.get("user") not in {None, bot_user}


def is_by_app(message: Json) -> bool:
    """Return whether an app wrote a message, this one or another."""
    return bool(message.get("bot_id")) or message.get("subtype") == "bot_message"
