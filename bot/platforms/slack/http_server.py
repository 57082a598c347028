"""HTTP server of the app, also behind a load balancer: events, installations, health.

POST /slack/events           signed requests of Slack
GET  /slack/install          first page of an installation
GET  /slack/oauth_redirect   last page
GET  /healthz                {"ok": true}

docs/http.md says which requests are refused, and with which status.
"""

import asyncio
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Final

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.platforms.http import bodies, refusals
from bot.platforms.http.refusals import Refused
from bot.platforms.slack.jobs import MALFORMED
from bot.platforms.slack.signatures import Signature
from bot.texts import http as words

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

MAX_BODY_BYTES: Final = 1024 * 1024
"""Slack names no maximum, and most requests have a few thousand bytes. The longest is the change of
a message of 40,000 characters, whose old and new texts, each also as blocks, have 6 bytes for a
character that is not ASCII: 960,000 bytes.
"""

BODY_SECONDS: Final = 3.0
"""Time for a body to arrive; Slack itself waits no longer for the acknowledgement."""

CONTENT_TYPES: Final = frozenset({"application/json", "application/x-www-form-urlencoded"})

MAX_INSTALLATIONS: Final = 8
"""Installations that are finished at once: each sends two requests to Slack."""


def build(app: AsyncApp, flow: AsyncOAuthFlow | None, secret: str | None) -> web.Application:
    """Return the application.

    Args:
        app: The bolt app.
        flow: The installation flow, if workspaces may install the app.
        secret: The signing secret; None if events do not arrive by HTTP.
    """
    application = web.Application(middlewares=[refusals.to_text])
    application[bodies.BUDGET] = bodies.Budget()
    application.router.add_get("/healthz", _health)
    if secret:
        application.router.add_post("/slack/events", _events(app, secret))
    if flow:
        application.router.add_get("/slack/install", _page(flow.handle_installation))
        finish = _at_most(MAX_INSTALLATIONS, _page(flow.handle_callback))
        application.router.add_get("/slack/oauth_redirect", finish)
    return application


async def _health(_: web.Request) -> web.Response:
    return web.json_response({"ok": True})


def _events(app: AsyncApp, secret: str) -> Handler:
    async def handle(request: web.Request) -> web.Response:
        body = await _read_signed(request, secret)
        try:
            query = request.query_string
            bolt_request = AsyncBoltRequest(
                body=body.decode(), query=query, headers={**request.headers}
            )
            return await to_aiohttp_response(await app.async_dispatch(bolt_request))
        except MALFORMED:  # from bolt, which expects what Slack documents
            raise Refused(HTTPStatus.BAD_REQUEST, words.MALFORMED) from None

    return handle


async def _read_signed(request: web.Request, secret: str) -> bytes:
    """Return a body that Slack has signed; raise Refused, if possible before the body is read."""
    bodies.check_head(request, CONTENT_TYPES, MAX_BODY_BYTES)
    signature = Signature(secret, request.headers)
    body = await bodies.read(request, MAX_BODY_BYTES, BODY_SECONDS, signature.update)
    signature.verify()
    return body


def _page(handle: Callable[[AsyncBoltRequest], Awaitable[BoltResponse]]) -> Handler:
    async def page(request: web.Request) -> web.Response:
        # A body is not read.
        bolt_request = AsyncBoltRequest(
            body="", query=request.query_string, headers={**request.headers}
        )
        return await to_aiohttp_response(await handle(bolt_request))

    return page


def _at_most(number: int, handler: Handler) -> Handler:
    """Return a handler that refuses requests beyond a number of them at once."""
    places = asyncio.Semaphore(number)

    async def limited(request: web.Request) -> web.StreamResponse:
        if places.locked():
            raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, words.TOO_MANY)
        async with places:
            return await handler(request)

    return limited
