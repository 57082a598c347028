"""The Slack platform: connect by Socket Mode or HTTP, serve, stop."""

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
from bot.concurrency.backoff import FIRST_DELAY, Backoff
from bot.concurrency.debouncer import Debouncer
from bot.concurrency.stop_time import StopTime
from bot.domain.errors import ConfigurationError
from bot.domain.ports import Vault
from bot.domain.proxies import NO_PROXIES, Proxies
from bot.platforms.http import server
from bot.platforms.slack import http_server
from bot.platforms.slack.api import can_be_sent
from bot.platforms.slack.app_home import AppHome
from bot.platforms.slack.clients import Clients, Workspaces, set_proxy, through
from bot.platforms.slack.credentials import SCOPES, Credentials
from bot.platforms.slack.delivery import Delivery
from bot.platforms.slack.events import Events, on_error
from bot.platforms.slack.failures import FAILURES, error_code, is_refusal, with_retries
from bot.platforms.slack.installations import (
    InstalledWorkspaces,
    OAuthStates,
    SingleWorkspace,
    on_not_installed,
)
from bot.platforms.slack.owner_channel import OwnerChannel
from bot.platforms.slack.uploads import FileHost, SlackFiles
from bot.platforms.slack.votes import Votes
from bot.platforms.slack.waiting_button import WaitingMessage
from bot.platforms.slack.work import Worker
from bot.services.services import NotifyReady, Services
from bot.texts import slack as words

REFRESH_DELAY: Final = 2.0
"""Seconds between a vote and the update of its card."""

STOP_SECONDS: Final = 10.0
"""Time for jobs in progress when the bot stops."""

SHUTDOWN_SECONDS: Final = 3.0
"""Time for open HTTP requests when the bot stops, after which they are cancelled, and for ending
those. It is part of the time for jobs, of which it takes at most half for each.
"""

MIN_SHUTDOWN_SECONDS: Final = 0.1
"""The least such time, as aiohttp would wait without limit for 0."""

HOME_SECONDS: Final = 1.0
"""Time for pages of the App Home in progress when the bot stops."""

NOT_SIGNED: Final = "Socket Mode's events carry no signature"
"""Placeholder for the signing secret that bolt requires."""

PING_INTERVAL: Final = 10.0
"""Seconds between pings on a Socket Mode connection, after which a broken one is noticed."""

LINK_DELAY: Final = 1.0
"""Seconds that a link_shared event waits for the message event of the same message."""

OpenVault = Callable[[], AbstractAsyncContextManager[Vault]]

_log = logging.getLogger(__name__)


class SlackPlatform:
    """A Slack app in one workspace or in many.

    Args:
        credentials: The app's secrets.
        host: Address to listen on, if the app serves HTTP.
        port: Port to listen on.
        vault: Opens the store of the tokens of many workspaces.
        refresh_delay: Seconds between a vote and the update of its card.
        link_delay: Seconds that link_shared waits for the message event.
        first_delay: Seconds before the second attempt to connect.
        ping_interval: Seconds between pings on a Socket Mode connection.
        stop_seconds: Time for jobs in progress when the bot stops.
    """

    name = "slack"

    def __init__(
        self,
        credentials: Credentials,
        *,
        host: str,
        port: int,
        vault: OpenVault | None = None,
        refresh_delay: float = REFRESH_DELAY,
        link_delay: float = LINK_DELAY,
        first_delay: float = FIRST_DELAY,
        ping_interval: float = PING_INTERVAL,
        stop_seconds: float = STOP_SECONDS,
        proxies: Proxies = NO_PROXIES,
    ) -> None:
        self._credentials = credentials
        self._proxy = proxies.of(credentials.url)
        self._files = SlackFiles(FileHost(credentials.files, proxies.of(credentials.files)))
        self._host = host
        self._port = port
        self._vault = vault
        self._refresh_delay = refresh_delay
        self._link_delay = link_delay
        self._first_delay = first_delay
        self._ping_interval = ping_interval
        self._stop_seconds = stop_seconds

    async def run(self, services: Services, notify_ready: NotifyReady) -> None:
        """Serve until cancelled; raise ConfigurationError if Slack refuses a token."""
        for token in (self._credentials.bot_token, self._credentials.app_token):
            if token and not can_be_sent(token):
                raise ConfigurationError(words.token_rejected(words.TOKEN_MALFORMED))
        client = through(with_retries(AsyncWebClient(base_url=self._credentials.url)), self._proxy)
        stopping = StopTime(self._stop_seconds)
        async with AsyncExitStack() as stack:
            workspaces, flow = await self._workspaces(stack, client)
            with _environment_hidden():
                app = AsyncApp(
                    client=client,
                    signing_secret=self._credentials.signing_secret or NOT_SIGNED,
                    authorize=_authorize(workspaces),  # type: ignore[arg-type]  # None for an unknown workspace
                    # bolt regards the deletion of a card as an event of the app itself.
                    ignoring_self_events_enabled=False,
                )
            app.middleware(set_proxy(self._proxy))
            clients = Clients(workspaces, self._credentials.url, self._proxy)
            await stack.enter_async_context(self._working(app, services, clients, stopping))
            if isinstance(workspaces, InstalledWorkspaces):
                app.event("app_uninstalled")(workspaces.on_uninstalled)
                app.event("tokens_revoked")(workspaces.on_revoked)
            if self._credentials.by_http:
                signing_secret = self._credentials.signing_secret
                secret = None if self._credentials.by_socket else signing_secret
                application = http_server.build(app, flow, secret)
                line = await stack.enter_async_context(self._listening(application))
                await notify_ready(line)
            if self._credentials.by_socket:
                await stack.enter_async_context(self._connected(app))
                await notify_ready(words.CONNECTED)
            with stopping.begins_at_end():
                await asyncio.Event().wait()

    async def _workspaces(
        self, stack: AsyncExitStack, client: AsyncWebClient
    ) -> tuple[Workspaces, AsyncOAuthFlow | None]:
        """Return the workspaces, and the installation flow if others may install the app."""
        if not self._credentials.many_workspaces:
            one = SingleWorkspace(self._credentials.bot_token or "")
            await self._with_backoff(lambda: one.identify(client))
            return one, None
        if self._vault is None:
            raise ConfigurationError(words.TOKEN_KEY_NOT_SET)
        vault = await stack.enter_async_context(self._vault())
        many = InstalledWorkspaces(vault)
        with _environment_hidden():
            settings = AsyncOAuthSettings(
                client_id=self._credentials.client_id,
                client_secret=self._credentials.client_secret,
                scopes=list(SCOPES),
                installation_store=many,
                state_store=OAuthStates(self._credentials.client_secret or ""),
            )
        flow = AsyncOAuthFlow(client=client, settings=settings)
        flow.failure_handler = on_not_installed
        return many, flow

    @asynccontextmanager
    async def _working(
        self, app: AsyncApp, services: Services, clients: Clients, stopping: StopTime
    ) -> AsyncIterator[None]:
        """Accept deliveries and work them off; on exit wait for those in progress for a time."""
        refreshes = Debouncer(self._refresh_delay)
        delivery = Delivery(services)
        votes = Votes(services, delivery, refreshes)
        home = AppHome(services.cards, services.settings, services.statistics)
        waiting = services.waiting.open(
            self.name, WaitingMessage(clients.of).display, self._refresh_delay
        )
        worker = Worker(
            services,
            clients.of,
            delivery=delivery,
            files=self._files,
            votes=votes,
            waiting=waiting,
            home=home,
        )
        runner = services.inbox.open(self.name, worker, waiting.refresh)
        events = Events(runner, services.deduplicator, home, self._link_delay)
        announcements = services.announcements.open(self.name, OwnerChannel(clients.of).send)
        app.middleware(events.accept)
        app.error(on_error)
        runner.start()
        announcements.start()
        try:
            yield
        finally:
            await announcements.close()
            await runner.stop(stopping.left)
            await events.tasks.wait(HOME_SECONDS)
            await refreshes.close()
            await waiting.close()

    @asynccontextmanager
    async def _listening(self, application: web.Application) -> AsyncIterator[str]:
        """Serve HTTP; yield the line for the operator."""
        async with AsyncExitStack() as stack:
            serving = server.serving(
                application,
                "Slack",
                self._host,
                self._port,
                shutdown_seconds=max(
                    MIN_SHUTDOWN_SECONDS, min(SHUTDOWN_SECONDS, self._stop_seconds / 2)
                ),
            )
            try:
                port = await stack.enter_async_context(serving)
            except (OSError, OverflowError) as error:
                sentence = texts.cannot_listen("SLACK", self._host, self._port, error)
                raise ConfigurationError(sentence) from error
            yield words.listening(self._host, port)

    @asynccontextmanager
    async def _connected(self, app: AsyncApp) -> AsyncIterator[None]:
        """Connect by Socket Mode; slack_sdk reconnects by itself."""
        token = self._credentials.app_token or ""
        handler = AsyncSocketModeHandler(
            app, token, web_client=app.client, ping_interval=self._ping_interval
        )
        through(handler.client, self._proxy)

        async def open_connection() -> None:
            # slack_sdk does this by itself, but retries forever with an invalid token.
            opened = await app.client.apps_connections_open(app_token=token)
            handler.client.wss_uri = opened["url"]

        try:
            await self._with_backoff(open_connection)
            await handler.connect_async()  # type: ignore[no-untyped-call]  # slack_bolt's
            yield
        finally:
            await handler.close_async()  # type: ignore[no-untyped-call]  # slack_bolt's

    async def _with_backoff(self, connect: Callable[[], Awaitable[object]]) -> None:
        """Run `connect`, again with back-off while Slack is unreachable.

        Raises ConfigurationError if Slack refuses.
        """
        backoff = Backoff(self._first_delay)
        while True:
            try:
                await connect()
            except FAILURES as error:
                if is_refusal(error):
                    raise ConfigurationError(words.token_rejected(error_code(error))) from error
                delay = backoff.next_delay()
                _log.warning("%s (%s)", words.unreachable(delay), type(error).__name__)
                await asyncio.sleep(delay)
            else:
                return


@contextmanager
def _environment_hidden() -> Iterator[None]:
    """Hide the environment variables from which bolt would configure a different app."""
    hidden = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("SLACK_")}
    try:
        yield
    finally:
        os.environ.update(hidden)


def _authorize(workspaces: Workspaces) -> Callable[..., Awaitable[AuthorizeResult | None]]:
    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult | None:
        return await workspaces.authorize(enterprise_id, team_id)

    return authorize
