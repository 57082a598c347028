"""What the page sends, read and checked. Anything else is refused with a sentence."""

import json
import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from aiohttp import web

from bot import texts
from bot.domain.votes import VoteKind
from bot.texts import web_page

MOST_TEXT: Final = 200_000
"""The longest message, in bytes of UTF-8."""

MOST_BODY: Final = 2_000_000
"""The longest request body in bytes: a longest message, every character escaped."""

LARGEST_ID: Final = 2**63 - 1
"""The largest integer that a database keeps."""

_MESSAGE_ID: Final = re.compile(r"[0-9A-Za-z-]{8,64}")


class RequestRejected(Exception):
    """A request that is not answered; `code` and `text` are what the page is told."""

    def __init__(self, status: HTTPStatus, code: str, text: str) -> None:
        """Keep the reply."""
        super().__init__(code)
        self.status = status
        self.code = code
        self.text = text


@dataclass(frozen=True, slots=True)
class MessageRequest:
    """A message: `id` is made by the page, and the same when it is sent again."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class VoteRequest:
    """A vote on a card, or its being taken back."""

    card_id: int
    kind: VoteKind
    genre: str | None
    added: bool


async def said(request: web.Request) -> MessageRequest:
    """Read a message; raises Refused."""
    body = await _body(request)
    message_id, text = body.get("id"), body.get("text")
    if not (isinstance(message_id, str) and _MESSAGE_ID.fullmatch(message_id)):
        raise malformed("id")
    if not isinstance(text, str):
        raise malformed("text")
    utf8 = text.encode(errors="replace")
    if len(utf8) > MOST_TEXT:
        raise too_long()
    return MessageRequest(message_id, utf8.decode())


async def voted(request: web.Request) -> VoteRequest:
    """Read a vote; raises Refused."""
    body = await _body(request)
    card_id, kind, genre, added = (body.get(name) for name in ("card", "kind", "genre", "added"))
    if not (isinstance(card_id, int) and 0 < card_id <= LARGEST_ID) or isinstance(card_id, bool):
        raise malformed("card")
    if kind not in list(VoteKind):
        raise malformed("kind")
    if not (genre is None or isinstance(genre, str)):
        raise malformed("genre")
    if not isinstance(added, bool):
        raise malformed("added")
    return VoteRequest(card_id, VoteKind(kind), genre, added)


def malformed(what: str) -> RequestRejected:
    """Return the refusal of a request whose field `what` is not as the page makes it."""
    return RequestRejected(
        HTTPStatus.BAD_REQUEST, "malformed", web_page.MALFORMED.format(why=f"“{what}” is wrong")
    )


def too_long() -> RequestRejected:
    """Return the refusal of a message that is too long."""
    return RequestRejected(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_long", texts.MESSAGE_TOO_LONG)


async def _body(request: web.Request) -> dict[str, Any]:
    if request.content_type != "application/json":
        raise RequestRejected(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "malformed", web_page.NOT_JSON)
    try:
        body = json.loads(await request.read())
    except (ValueError, RecursionError):
        raise RequestRejected(HTTPStatus.BAD_REQUEST, "malformed", web_page.NOT_JSON) from None
    if not isinstance(body, dict):
        raise RequestRejected(HTTPStatus.BAD_REQUEST, "malformed", web_page.NOT_JSON)
    return body
