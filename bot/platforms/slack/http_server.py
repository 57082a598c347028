"""HTTP server of the app, also behind a load balancer: events, installations, health.

POST /slack/events           signed requests of Slack
GET  /slack/install          first page of an installation
GET  /slack/oauth_redirect   last page
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

MAX_BODY_BYTES: Final = 1024 * 1024
"""Slack's requests have a few thousand bytes."""


def build(app: AsyncApp, flow: AsyncOAuthFlow | None, secret: str | None) -> web.Application:
    """Return the application.

    Args:
        app: The bolt app.
        flow: The installation flow, if workspaces may install the app.
        secret: The signing secret; None if events do not arrive by HTTP.
    """
    application = web.Application(client_max_size=MAX_BODY_BYTES)
    application.router.add_get("/healthz", _health)
    if secret:
        application.router.add_post("/slack/events", _events(app, SignatureVerifier(secret)))
    if flow:
        application.router.add_get("/slack/install", _install(flow))
        application.router.add_get("/slack/oauth_redirect", _finish(flow))
    return application


async def _health(_: web.Request) -> web.Response:
    return web.json_response({"ok": True})


def _events(app: AsyncApp, verifier: SignatureVerifier) -> Handler:
    async def handle(request: web.Request) -> web.Response:
        try:
            body = (await request.read()).decode()
        except UnicodeDecodeError:
            raise web.HTTPBadRequest from None
        # Before bolt, which parses the whole body before it verifies the signature.
        if not _is_signed(verifier, body, request):
            raise web.HTTPUnauthorized
        try:
            query = request.query_string
            bolt_request = AsyncBoltRequest(body=body, query=query, headers={**request.headers})
        except ValueError:
            raise web.HTTPBadRequest from None
        return await to_aiohttp_response(await app.async_dispatch(bolt_request))

    return handle


def _is_signed(verifier: SignatureVerifier, body: str, request: web.Request) -> bool:
    try:
        return verifier.is_valid_request(body, request.headers)
    except (ValueError, TypeError):  # the timestamp or signature is malformed
        return False


def _install(flow: AsyncOAuthFlow) -> Handler:
    async def handle(request: web.Request) -> web.Response:
        bolt_request = await to_bolt_request(request)
        return await to_aiohttp_response(await flow.handle_installation(bolt_request))

    return handle


def _finish(flow: AsyncOAuthFlow) -> Handler:
    async def handle(request: web.Request) -> web.Response:
        bolt_request = await to_bolt_request(request)
        return await to_aiohttp_response(await flow.handle_callback(bolt_request))

    return handle
