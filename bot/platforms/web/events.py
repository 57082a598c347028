"""The local chat's endpoints.

GET  /                      the page; its scripts, style and icon lie beside it
GET  /api/history           {"shown": [{"message": id, "card": card}, ...]}, oldest first
POST /api/messages          {id, text} -> {"replies": [card or notice, ...]}
POST /api/votes             {card, kind, genre, added} -> {"ballot": ..., "receipt": "..."}
GET  /charts/ID.png         ?theme=dark|light
GET  /healthz               {"ok": true}

What is not answered has a status of 400 or more and the body {"notice": {"code", "text"}}.
"""

import html
import json
from collections.abc import Mapping
from http import HTTPStatus
from importlib import resources
from string import Template
from typing import Final

from aiohttp import web

from bot import texts
from bot.domain.cards import Card, Notice, Reply, Theme
from bot.domain.places import Message
from bot.domain.votes import Vote
from bot.platforms.web import parsing, present, security
from bot.platforms.web.delivery import PLACE, Delivery, message_of
from bot.services.handlers import Handlers
from bot.texts import web_page

FILE_TYPES: Final[Mapping[str, str]] = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
FOREVER: Final = "private, max-age=31536000, immutable"


class Endpoints:
    """Answers the page's requests through `handlers`."""

    def __init__(self, handlers: Handlers, chat: Delivery) -> None:
        self._handlers = handlers
        self._chat = chat

    async def history(self, request: web.Request) -> web.Response:
        """Return the latest cards with the visitor's votes."""
        visitor = security.visitor(request)
        shown = [
            {"message": message_of(shown_as), "card": await self._card(card, visitor)}
            for shown_as, card in await self._handlers.history(PLACE)
        ]
        return security.remember(web.json_response({"shown": shown}), visitor)

    async def message(self, request: web.Request) -> web.Response:
        """Answer a message."""
        said = await parsing.said(request)
        request[security.MESSAGE_ID] = said.id
        visitor = security.visitor(request)
        replies = await self._chat.say(Message(PLACE, said.id, visitor, said.text))
        found = [await self._reply(reply, visitor) for reply in replies]
        return security.remember(web.json_response({"replies": found}), visitor)

    async def vote(self, request: web.Request) -> web.Response:
        """Record a vote, or its being taken back."""
        voted = await parsing.voted(request)
        visitor = security.visitor(request)
        ballot = await self._handlers.on_vote(
            Vote(PLACE, voted.card_id, visitor, voted.kind, voted.genre, added=voted.added)
        )
        if isinstance(ballot, Notice):
            raise parsing.RequestRejected(HTTPStatus.CONFLICT, ballot.code, ballot.text)
        body = {"ballot": present.ballot(ballot), "receipt": texts.receipt(ballot)}
        return security.remember(web.json_response(body), visitor)

    async def chart(self, request: web.Request) -> web.Response:
        """Return a card's chart."""
        try:
            theme = Theme(request.query.get("theme", Theme.LIGHT))
        except ValueError:
            raise parsing.malformed("theme") from None
        card_id = int(request.match_info["card"])
        card = await self._handlers.card(card_id) if card_id <= parsing.LARGEST_ID else None
        png = await self._handlers.chart(card, theme) if card else None
        if png is None:
            raise parsing.RequestRejected(HTTPStatus.NOT_FOUND, "no_chart", texts.CHART_MISSING)
        return web.Response(body=png, content_type="image/png", headers={"Cache-Control": FOREVER})

    async def health(self, _: web.Request) -> web.Response:
        """Say that the bot is there."""
        return web.json_response({"ok": True})

    async def _reply(self, reply: Reply, visitor: str) -> present.Json:
        if isinstance(reply, Notice):
            return present.notice(reply)
        return await self._card(reply, visitor)

    async def _card(self, card: Card, visitor: str) -> present.Json:
        return present.card(card, await self._handlers.ballot(PLACE, visitor, card.id))


def build(handlers: Handlers, host: str) -> web.Application:
    """Return the application that serves the chat on `host`."""
    chat = Delivery(handlers)
    endpoints = Endpoints(handlers, chat)
    app = web.Application(
        middlewares=[security.in_words, security.only_own_page(host)],
        client_max_size=parsing.MOST_BODY,
    )
    app.on_response_prepare.append(security.add_headers)

    async def close(_: web.Application) -> None:
        await chat.close()

    app.on_cleanup.append(close)  # by then open requests had their time
    app.add_routes(
        [
            web.get("/api/history", endpoints.history),
            web.post("/api/messages", endpoints.message),
            web.post("/api/votes", endpoints.vote),
            web.get(r"/charts/{card:[1-9]\d{0,18}}.png", endpoints.chart),
            web.get("/healthz", endpoints.health),
        ]
    )
    app.add_routes(_files())
    return app


def _files() -> list[web.RouteDef]:
    folder = resources.files(__package__) / "page"
    routes = [_file("/", _page((folder / "page.html").read_text("utf-8")), "text/html")]
    for file in folder.iterdir():
        for ending, content_type in FILE_TYPES.items():
            if file.name.endswith(ending):
                routes.append(_file(f"/{file.name}", file.read_bytes(), content_type))
    return routes


def _page(template: str) -> bytes:
    escaped = {name: html.escape(text) for name, text in web_page.PAGE.items()}
    # Inside a script element only "<" could end it.
    data = json.dumps(present.page_data()).replace("<", "\\u003c")
    return Template(template).substitute(escaped, data=data).encode()


def _file(path: str, body: bytes, content_type: str) -> web.RouteDef:
    async def endpoint(_: web.Request) -> web.Response:
        return web.Response(
            body=body,
            content_type=content_type,
            charset="utf-8",
            headers={"Cache-Control": "no-cache"},
        )

    return web.get(path, endpoint)
