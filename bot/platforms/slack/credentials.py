"""The operator's credentials of a Slack app."""

from dataclasses import dataclass
from typing import Final

from yarl import URL

from bot.platforms.slack.api import FILES, SLACK

SCOPES: Final = (
    "app_mentions:read",
    "channels:history",
    "channels:read",
    "chat:write",
    "commands",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "links:read",
    "mpim:history",
    "reactions:read",
    "reactions:write",
    "users:read",
)
"""Scopes that the app requests, as in the manifest; a test checks that all are used."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """Secrets of one app. `url` is the base address of the Web API."""

    bot_token: str | None = None
    app_token: str | None = None
    signing_secret: str | None = None
    client_id: str | None = None
    client_secret: str | None = None
    url: str = SLACK

    @property
    def files(self) -> str:
        """Scheme and host of files' addresses: of Slack's own, else the host of the Web API."""
        return FILES if self.url == SLACK else str(URL(self.url).origin())

    @property
    def by_socket(self) -> bool:
        """Whether events arrive by Socket Mode, which needs no public address."""
        return self.app_token is not None

    @property
    def many_workspaces(self) -> bool:
        """Whether any workspace may install the app by OAuth."""
        return bool(self.client_id and self.client_secret)

    @property
    def by_http(self) -> bool:
        """Whether the app serves HTTP, for events or installations."""
        return not self.by_socket or self.many_workspaces
