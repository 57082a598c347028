"""slack_sdk's clients: one for each workspace, all with the proxy that the operator set."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from slack_bolt.response import BoltResponse
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.platforms.slack.failures import with_retries
from bot.platforms.slack.installations import InstalledWorkspaces, SingleWorkspace

C = TypeVar("C", AsyncWebClient, AsyncWebhookClient, SocketModeClient)
Workspaces = SingleWorkspace | InstalledWorkspaces
Next = Callable[[], Awaitable[BoltResponse]]


class Clients:
    """Web clients of the workspaces."""

    def __init__(self, workspaces: Workspaces, url: str, proxy: str | None = None) -> None:
        self._workspaces = workspaces
        self._url = url
        self._proxy = proxy

    async def of(self, team: str) -> AsyncWebClient | None:
        """Return the client of a workspace; None if it has removed the app.

        Raises StorageFailed.
        """
        found = await self._workspaces.authorize(None, team)
        if found is None:
            return None
        client = AsyncWebClient(token=found.bot_token, base_url=self._url)
        return through(with_retries(client), self._proxy)


def through(client: C, proxy: str | None) -> C:
    """Let a client use `proxy`, or none, and return it.

    slack_sdk takes HTTPS_PROXY or HTTP_PROXY by itself, even for hosts that NO_PROXY names.
    """
    client.proxy = proxy
    return client


def set_proxy(proxy: str | None) -> Callable[[AsyncWebClient, Next], Awaitable[BoltResponse]]:
    """Return middleware that sets the proxy of the client that bolt makes for each request."""

    async def middleware(client: AsyncWebClient, next_: Next) -> BoltResponse:
        through(client, proxy)
        return await next_()

    return middleware
