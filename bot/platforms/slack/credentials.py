"""What the operator gave for Slack, and what follows from it."""

from dataclasses import dataclass
from typing import Final

from bot.platforms.slack.api import SLACK

SCOPES: Final = (
    "app_mentions:read",
    "channels:history",
    "channels:read",
    "chat:write",
    "commands",
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
"""What the app asks of a workspace; the manifest says the same, and a test that all is used."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """The secrets of one app. `url` is where Slack's Web API is."""

    bot_token: str | None = None
    app_token: str | None = None
    signing_secret: str | None = None
    client_id: str | None = None
    client_secret: str | None = None
    url: str = SLACK

    @property
    def by_socket(self) -> bool:
        """Whether events come by Socket Mode, so that no public address is needed."""
        return self.app_token is not None

    @property
    def many_workspaces(self) -> bool:
        """Whether any workspace may install the app, by OAuth."""
        return bool(self.client_id and self.client_secret)

    @property
    def by_http(self) -> bool:
        """Whether the app listens for events or for installations."""
        return not self.by_socket or self.many_workspaces
