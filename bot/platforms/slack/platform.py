"""Slack as a platform: connect by Socket Mode or listen for HTTP, serve, stop."""

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    asynccontextmanager,
    contextmanager,
)
from typing import Final

from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.web.async_client import AsyncWebClient

from bot import texts
from bot.concurrency.debouncer import Debouncer
from bot.domain.errors import ConfigurationError, trace
from bot.domain.ports import Vault
from bot.platforms.slack import http_server
from bot.platforms.slack.api import can_be_sent
from bot.platforms.slack.credentials import SCOPES, Credentials
from bot.platforms.slack.delivery import Delivery
from bot.platforms.slack.events import Listeners
from bot.platforms.slack.failures import FAILURES, code, is_refusal, with_patience
from bot.platforms.slack.installations import (
    InstalledWorkspaces,
    OAuthStates,
    SingleWorkspace,
    on_not_installed,
)
from bot.platforms.slack.votes import Votes
from bot.services.handlers import Ready, SharedHandlers
from bot.texts import slack as words

REFRESH_AFTER: Final = 2.0
"""Seconds from a vote to the card that shows it."""

DRAIN: Final = 5.0
"""Seconds that work under way gets when the bot stops."""

NOT_SIGNED: Final = "Socket Mode's events carry no signature"
"""In place of a signing secret, which bolt wants all the same."""

PING_EVERY: Final = 10.0
"""Seconds between looks at a Socket Mode connection: so long may a cut go unnoticed."""

STEP_BACK: Final = 1.0
"""Seconds that a shared link waits for its message, which Slack tells of on its own."""

FIRST_WAIT: Final = 2.0
LONGEST_WAIT: Final = 60.0

OpenVault = Callable[[], AbstractAsyncContextManager[Vault]]
Workspaces = SingleWorkspace | InstalledWorkspaces

_log = logging.getLogger(__name__)


class SlackPlatform:
    """An app on Slack, in one workspace or in many.

    `vault` opens what holds the tokens of many workspaces; one workspace needs none.
    """

    name = "slack"

    def __init__(
        self,
        credentials: Credentials,
        *,
        host: str,
        port: int,
        vault: OpenVault | None = None,
        refresh_after: float = REFRESH_AFTER,
        step_back: float = STEP_BACK,
        first_wait: float = FIRST_WAIT,
        ping_every: float = PING_EVERY,
    ) -> None:
        self._credentials = credentials
        self._host = host
        self._port = port
        self._vault = vault
        self._refresh_after = refresh_after
        self._step_back = step_back
        self._first_wait = first_wait
        self._ping_every = ping_every

    async def run(self, handlers: SharedHandlers, ready: Ready) -> None:
        """Serve until cancelled; raises ConfigurationError when Slack refuses a token."""
        for token in (self._credentials.bot_token, self._credentials.app_token):
            if token and not can_be_sent(token):
                raise ConfigurationError(words.refused(words.NO_TOKEN))
        client = with_patience(AsyncWebClient(base_url=self._credentials.url))
        async with AsyncExitStack() as stack:
            workspaces, flow = await self._workspaces(stack, client)
            with _environment_hidden():
                app = AsyncApp(
                    client=client,
                    signing_secret=self._credentials.signing_secret or NOT_SIGNED,
                    authorize=_authorize(workspaces),  # type: ignore[arg-type]  # None: a stranger
                    # Bolt takes the deletion of a card for an event of the app's own.
                    ignoring_self_events_enabled=False,
                )
            await stack.enter_async_context(self._listeners(app, handlers))
            if isinstance(workspaces, InstalledWorkspaces):
                app.event("app_uninstalled")(workspaces.on_uninstalled)
                app.event("tokens_revoked")(workspaces.on_revoked)
            if self._credentials.by_http:
                signed_with = self._credentials.signing_secret
                secret = None if self._credentials.by_socket else signed_with
                served = http_server.build(app, flow, secret)
                await ready(await stack.enter_async_context(self._listening(served)))
            if self._credentials.by_socket:
                await stack.enter_async_context(self._connected(app))
                await ready(words.CONNECTED)
            await asyncio.Event().wait()

    async def _workspaces(
        self, stack: AsyncExitStack, client: AsyncWebClient
    ) -> tuple[Workspaces, AsyncOAuthFlow | None]:
        """Return the workspaces, and the way in for more where there is one."""
        if not self._credentials.many_workspaces:
            one = SingleWorkspace(self._credentials.bot_token or "")
            await self._patiently(lambda: one.ask(client))
            return one, None
        if self._vault is None:
            raise ConfigurationError(words.NO_VAULT)
        vault = await stack.enter_async_context(self._vault())
        many = InstalledWorkspaces(vault)
        with _environment_hidden():
            settings = AsyncOAuthSettings(
                client_id=self._credentials.client_id,
                client_secret=self._credentials.client_secret,
                scopes=list(SCOPES),
                installation_store=many,
                state_store=OAuthStates(vault),
            )
        flow = AsyncOAuthFlow(client=client, settings=settings)
        flow.failure_handler = on_not_installed
        return many, flow

    @asynccontextmanager
    async def _listeners(self, app: AsyncApp, handlers: SharedHandlers) -> AsyncIterator[None]:
        """Listen to the app's events; in the end, finish what is under way, within reason."""
        later = Debouncer(self._refresh_after)
        delivery = Delivery(handlers)
        votes = Votes(handlers, delivery, later)
        listeners = Listeners(handlers, delivery, votes, self._step_back)
        listeners.listen(app)
        try:
            yield
        finally:
            await listeners.work.finish(DRAIN)
            await later.close()

    @asynccontextmanager
    async def _listening(self, served: web.Application) -> AsyncIterator[str]:
        """Listen for HTTP; lends the operator's line."""
        runner = web.AppRunner(served, access_log=None, handle_signals=False)
        await runner.setup()
        try:
            await self._bind(runner)
            yield words.listening(self._host, runner.addresses[0][1])
        finally:
            await runner.cleanup()

    async def _bind(self, runner: web.AppRunner) -> None:
        try:
            await web.TCPSite(runner, self._host, self._port).start()
        except (OSError, OverflowError) as error:
            sentence = texts.cannot_listen("SLACK", self._host, self._port, error)
            raise ConfigurationError(sentence) from error

    @asynccontextmanager
    async def _connected(self, app: AsyncApp) -> AsyncIterator[None]:
        """Connect by Socket Mode; slack_sdk connects again by itself when the line is cut."""
        token = self._credentials.app_token or ""
        handler = AsyncSocketModeHandler(
            app, token, web_client=app.client, ping_interval=self._ping_every
        )

        async def ask() -> None:
            # slack_sdk asks by itself, but then goes on asking for ever with a wrong token.
            found = await app.client.apps_connections_open(app_token=token)
            handler.client.wss_uri = found["url"]

        try:
            await self._patiently(ask)
            await handler.connect_async()  # type: ignore[no-untyped-call]  # slack_bolt's
            yield
        finally:
            await handler.close_async()  # type: ignore[no-untyped-call]  # slack_bolt's

    async def _patiently(self, work: Callable[[], Awaitable[object]]) -> None:
        """Do `work`; while Slack is away, again and again, with longer and longer rests."""
        wait = self._first_wait
        while True:
            try:
                await work()
            except FAILURES as error:
                if is_refusal(error):
                    raise ConfigurationError(words.refused(code(error))) from error
                _log.warning("%s (%s)", words.not_reached(wait), trace(error))
                await asyncio.sleep(wait)
                wait = min(wait * 2, LONGEST_WAIT)
            else:
                return


@contextmanager
def _environment_hidden() -> Iterator[None]:
    """Hide the variables that bolt reads by itself, to make an app other than the one asked for."""
    hidden = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("SLACK_")}
    try:
        yield
    finally:
        os.environ.update(hidden)


def _authorize(workspaces: Workspaces) -> Callable[..., Awaitable[AuthorizeResult | None]]:
    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult | None:
        return await workspaces.authorize(enterprise_id, team_id)

    return authorize
