"""Objects of the fake Slack: users, workspaces, channels, files, errors."""

from dataclasses import dataclass, field
from typing import Any, Final

Json = dict[str, Any]

LINK_DOMAINS: Final = (
    "deezer.com",
    "music.apple.com",
    "music.youtube.com",
    "open.spotify.com",
    "spotify.link",
)
"""Domains that the app is subscribed to, for the event link_shared; subdomains are included
(docs.slack.dev/messaging/unfurling-links-in-messages)."""

READ_SCOPES: Final = {
    "channel": "channels:read",
    "group": "groups:read",
    "im": "im:read",
    "mpim": "mpim:read",
}
"""Kind of channel to the scope of `conversations.info`."""


@dataclass(frozen=True)
class User:
    """A member. `admin` stands for an owner or an admin of the workspace, `bot` for a bot user."""

    id: str
    name: str
    admin: bool = False
    bot: bool = False


@dataclass(eq=False)
class Workspace:
    """A workspace that has installed the app.

    Attributes:
        id: The team id.
        token: The bot token.
        bot_user: User id of the bot.
        bot_id: Bot id of the bot.
        scopes: Scopes of the token.
        revoked: Whether the token has been revoked.
        organization: The organization that the app was installed for, if it was installed for one.
        lacking: Types of blocks that it does not have, and refuses.
    """

    id: str
    token: str
    bot_user: str
    bot_id: str
    scopes: set[str]
    revoked: bool = False
    organization: str | None = None
    lacking: set[str] = field(default_factory=set)


@dataclass(eq=False)
class Channel:
    """A channel of a workspace.

    Attributes:
        id: The channel id.
        workspace: Its workspace.
        kind: A key of READ_SCOPES.
        creator: Id of the user who created it.
        joined: Whether the app is a member.
        archived: Whether it is archived.
    """

    id: str
    workspace: Workspace
    kind: str = "channel"
    creator: str = ""
    joined: bool = True
    archived: bool = False


@dataclass(eq=False)
class File:
    """A file in one of the three steps of an upload.

    Attributes:
        id: The file id.
        name: The file name.
        length: Announced size in bytes.
        alt: Alternative text.
        data: Content, once uploaded; not in pytest's failure messages.
        title: Title, once shared.
        shared: Channel id and timestamp of its message, once shared.
        processed: Whether Slack has processed it, so that blocks may show it.
    """

    id: str
    name: str
    length: int
    alt: str
    data: bytes | None = field(default=None, repr=False)
    title: str = ""
    shared: tuple[str, str] | None = None
    processed: bool = False


class ApiError(Exception):
    """An error of the Web API, sent as a code in a reply of status 200.

    `details` are further fields of the reply.
    """

    def __init__(self, code: str, reason: str = "", **details: Any) -> None:
        super().__init__(f"{code}: {reason}" if reason else code)
        self.code = code
        self.details = details


class Violation(ApiError):
    """A request that Slack's documentation forbids in every state of the workspace."""
