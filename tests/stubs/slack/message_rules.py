"""Rules for the text and blocks of a message, by Slack's documentation."""

import json
from collections.abc import Callable, Collection
from typing import Any, Final

from tests.stubs.slack import block_kit
from tests.stubs.slack.objects import ApiError, Json, Violation

MAX_TEXT_LENGTH: Final = 40_000


def check_message(message: Json, lacking: Collection[str] = ()) -> None:
    """Raise Violation if the texts or blocks of a message break a rule.

    Raises ApiError if it has blocks of a type that the workspace lacks.
    """
    text, layout = message.get("text", ""), message.get("blocks") or []
    layout = _parsed(layout)
    if not text:
        raise Violation("no_text", "notifications and clients without blocks need it")
    if len(text) > MAX_TEXT_LENGTH:
        raise Violation("msg_too_long", f"{len(text)} characters")
    if error := block_kit.find_error(layout):
        raise Violation("invalid_blocks", error)
    if sentences := block_kit.refused(layout, lacking):
        raise ApiError("invalid_blocks", errors=sentences)
    for part in (text, *block_kit.texts(layout, "mrkdwn")):
        if block_kit.MENTION.search(part):
            raise Violation("mention", "the message mentions a user or channel")


def content(arguments: Json, new_id: Callable[[str], str]) -> Json:
    """Return text, blocks and metadata of a message; raise Violation for invalid metadata.

    Slack adds a `block_id` to blocks without one. Without the argument `metadata` an update keeps
    what the message has.
    """
    blocks = _parsed(arguments.get("blocks") or [])
    stored: Json = {
        "text": arguments.get("text", ""),
        "blocks": [{"block_id": new_id("b"), **block} for block in blocks],
    }
    metadata = _parsed(arguments.get("metadata"))
    if metadata is None:
        return stored
    if not isinstance(metadata.get("event_type"), str) or "event_payload" not in metadata:
        raise Violation("invalid_metadata_format", str(sorted(metadata)))
    return stored | {"metadata": metadata}


def _parsed(argument: Any) -> Any:
    """Return an argument that may be given as JSON in a string."""
    return json.loads(argument) if isinstance(argument, str) else argument
