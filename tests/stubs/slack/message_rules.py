"""Rules for the text and blocks of a message, by Slack's documentation."""

import json
from typing import Final

from tests.stubs.slack import block_kit
from tests.stubs.slack.objects import Json, Violation

MAX_TEXT_LENGTH: Final = 40_000


def check_message(message: Json) -> None:
    """Raise Violation if the texts or blocks of a message break a rule."""
    text, layout = message.get("text", ""), message.get("blocks") or []
    layout = json.loads(layout) if isinstance(layout, str) else layout
    if not text:
        raise Violation("no_text", "notifications and clients without blocks need it")
    if len(text) > MAX_TEXT_LENGTH:
        raise Violation("msg_too_long", f"{len(text)} characters")
    if error := block_kit.find_error(layout):
        raise Violation("invalid_blocks", error)
    for part in (text, *block_kit.texts(layout, "mrkdwn")):
        if block_kit.MENTION.search(part):
            raise Violation("mention", "the message mentions a user or channel")
