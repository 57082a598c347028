"""The app behind a load balancer: events, installations, health.

POST /slack/events           what Slack sends, with its signature
GET  /slack/install          the first page of an installation
GET  /slack/oauth_redirect   the last
GET  /healthz                {"ok": true}
"""

from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

MOST_BODY: Final = 1024 * 1024
"""Bytes of a request; Slack's are a few thousand."""


def build(app: AsyncApp, flow: AsyncOAuthFlow | None, secret: str | None) -> web.Application:
    """Return the application; without a secret that events are signed with, it only installs."""
    served = web.Application(client_max_size=MOST_BODY)
    served.router.add_get("/healthz", _health)
    if secret:
        served.router.add_post("/slack/events", _events(app, SignatureVerifier(secret)))
    if flow:
        served.router.add_get("/slack/install", _install(flow))
        served.router.add_get("/slack/oauth_redirect", _finish(flow))
    return served


async def _health(_: web.Request) -> web.Response:
    return web.json_response({"ok": True})


def _events(app: AsyncApp, verifier: SignatureVerifier) -> Handler:
    async def handle(request: web.Request) -> web.Response:
        try:
            body = (await request.read()).decode()
        except UnicodeDecodeError:
            raise web.HTTPBadRequest from None
        # Before bolt, which reads a body to the end and then asks who sent it.
        if not _is_signed(verifier, body, request):
            raise web.HTTPUnauthorized
        try:
            query = request.query_string
            asked = AsyncBoltRequest(body=body, query=query, headers={**request.headers})
        except ValueError:
            raise web.HTTPBadRequest from None
        return await to_aiohttp_response(await app.async_dispatch(asked))

    return handle


def _is_signed(verifier: SignatureVerifier, body: str, request: web.Request) -> bool:
    try:
        return verifier.is_valid_request(body, request.headers)
    except (ValueError, TypeError):  # of a timestamp or a signature that cannot be one
        return False


def _install(flow: AsyncOAuthFlow) -> Handler:
    async def handle(request: web.Request) -> web.Response:
        asked = await to_bolt_request(request)
        return await to_aiohttp_response(await flow.handle_installation(asked))

    return handle


def _finish(flow: AsyncOAuthFlow) -> Handler:
    async def handle(request: web.Request) -> web.Response:
        asked = await to_bolt_request(request)
        return await to_aiohttp_response(await flow.handle_callback(asked))

    return handle
