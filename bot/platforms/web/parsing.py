"""Reads and validates the page's requests."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from aiohttp import hdrs, web

from bot import texts
from bot.domain import song_ids
from bot.domain.sound_ports import MAX_UPLOAD_BYTES
from bot.domain.text import shorten
from bot.domain.tracks import MAX_TITLE_LENGTH, SubjectRef
from bot.domain.votes import VoteKind
from bot.platforms.http import bodies
from bot.platforms.http.refusals import Refused
from bot.platforms.web.ids import MAX_DATABASE_ID, is_message_id
from bot.texts import web_page

MAX_TEXT_BYTES: Final = 200_000
"""UTF-8 bytes of a message."""

MAX_BODY_BYTES: Final = 2_000_000
"""Bytes of a request: a message of MAX_TEXT_BYTES with every character escaped."""

BODY_SECONDS: Final = 10.0
"""Time for a body to arrive."""

CONTENT_TYPES: Final = frozenset({"application/json"})
BYTES: Final = "application/octet-stream"
"""Content type of a file; audio/* is accepted, too. What it is, its content says."""


class RequestRejected(Exception):
    """A request that is not answered; `code` and `text` are sent to the page."""

    def __init__(
        self, status: HTTPStatus, code: str, text: str, headers: Mapping[str, str] | None = None
    ) -> None:
        """Store the response."""
        super().__init__(code)
        self.headers = dict(headers or {})
        self.status = status
        self.code = code
        self.text = text


@dataclass(frozen=True, slots=True)
class MessageRequest:
    """A message. The page makes the id and repeats it when it sends the message again.

    With `is_search`, a text without a link asks for the song that it names.
    """

    id: str
    text: str
    is_search: bool


@dataclass(frozen=True, slots=True)
class SoundRequest:
    """A sound file; the id is as that of a message."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class VoteRequest:
    """A vote, or its withdrawal.

    `on` is the card that it is given on, or the song. The genre None stands for the predicted one.
    """

    on: int | SubjectRef
    kind: VoteKind
    genre: str | None
    added: bool


async def read_message(request: web.Request) -> MessageRequest:
    """Read a message; raise RequestRejected."""
    body = await _body(request)
    message_id, text = body.get("id"), body.get("text")
    if not is_message_id(message_id):
        raise malformed("id")
    if not isinstance(text, str):
        raise malformed("text")
    utf8 = text.encode(errors="replace")
    if len(utf8) > MAX_TEXT_BYTES:
        raise too_long()
    is_search = body.get("search", False)
    if not isinstance(is_search, bool):
        raise malformed("search")
    return MessageRequest(str(message_id), utf8.decode(), is_search)


def read_sound(request: web.Request) -> SoundRequest:
    """Read all of a request with a sound file but its body.

    Raises RequestRejected, or Refused with status 415 or 413.
    """
    message_id = request.query.get("id")
    if not is_message_id(message_id):
        raise malformed("id")
    # Without a type, which another page may omit, aiohttp takes BYTES for it.
    given = request.content_type if hdrs.CONTENT_TYPE in request.headers else ""
    is_accepted = given == BYTES or given.startswith("audio/")
    with length_refused(web_page.FILE_TOO_BIG):
        bodies.check_head(request, {given} if is_accepted else (), MAX_UPLOAD_BYTES)
    return SoundRequest(str(message_id), shorten(request.query.get("name", ""), MAX_TITLE_LENGTH))


async def read_vote(request: web.Request) -> VoteRequest:
    """Read a vote; raise RequestRejected."""
    body = await _body(request)
    kind, genre, added = (body.get(name) for name in ("kind", "genre", "added"))
    on = _song(body["song"]) if "song" in body and "card" not in body else _card(body)
    if kind not in list(VoteKind):
        raise malformed("kind")
    if not (genre is None or isinstance(genre, str)):
        raise malformed("genre")
    if not isinstance(added, bool):
        raise malformed("added")
    return VoteRequest(on, VoteKind(kind), genre, added)


def read_song(request: web.Request) -> SubjectRef:
    """Return the song that the query names; raise RequestRejected."""
    return _song(request.query.get("song"))


def malformed(field: str) -> RequestRejected:
    """Return the error for a request with an invalid field."""
    text = web_page.MALFORMED.format(field=field)
    return RequestRejected(HTTPStatus.BAD_REQUEST, "malformed", text)


def too_long() -> RequestRejected:
    """Return the error for a message that is too long."""
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    return RequestRejected(status, "too_long", texts.MESSAGE_TOO_LONG)


def _card(body: Mapping[str, Any]) -> int:
    """Return the card that a vote is on; it is on a card or a song, not on both."""
    card_id = body.get("card")
    if not isinstance(card_id, int) or isinstance(card_id, bool):
        raise malformed("card")
    if not 0 < card_id <= MAX_DATABASE_ID:
        raise malformed("card")
    if "song" in body:
        raise malformed("song")
    return card_id


def _song(value: object) -> SubjectRef:
    ref = song_ids.parse(value) if isinstance(value, str) else None
    if ref is None:
        raise malformed("song")
    return ref


@contextmanager
def length_refused(sentence: str) -> Iterator[None]:
    """Give the refusal of a body that is too long another sentence."""
    try:
        yield
    except Refused as refused:
        if refused.status is not HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            raise
        raise Refused(refused.status, sentence) from None


async def _body(request: web.Request) -> dict[str, Any]:
    with length_refused(texts.MESSAGE_TOO_LONG):
        bodies.check_head(request, CONTENT_TYPES, MAX_BODY_BYTES)
        received = await bodies.read(request, MAX_BODY_BYTES, BODY_SECONDS)
    try:
        body = json.loads(received)
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise RequestRejected(HTTPStatus.BAD_REQUEST, "malformed", web_page.NOT_JSON)
    return body
