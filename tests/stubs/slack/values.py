"""The people and places of a test's Slack, and the ways it says no."""

from dataclasses import dataclass, field
from typing import Any, Final

Json = dict[str, Any]

SPOTIFY: Final = (
    "link.tospotify.com",
    "open.spotify.com",
    "play.spotify.com",
    "spoti.fi",
    "spotify.link",
)
"""The domains whose links the app is told of."""

READS: Final = {
    "channel": "channels:read",
    "group": "groups:read",
    "im": "im:read",
    "mpim": "mpim:read",
}
"""The scope that each kind of channel is looked up with."""


@dataclass(frozen=True)
class User:
    """A member. `admin` stands for an owner or an admin of the workspace, `bot` for an app's."""

    id: str
    name: str
    admin: bool = False
    bot: bool = False


@dataclass(eq=False)
class Workspace:
    """A workspace that has the app, until it is `revoked`; the token allows what `scopes` say.

    With an `organization` the app was installed for all of that, and the token is its own.
    """

    id: str
    token: str
    bot_user: str
    bot_id: str
    scopes: set[str]
    revoked: bool = False
    organization: str | None = None


@dataclass(eq=False)
class Channel:
    """A channel of a workspace; `kind` as in READS. Unless `joined`, the app is no member."""

    id: str
    workspace: Workspace
    kind: str = "channel"
    creator: str = ""
    joined: bool = True
    archived: bool = False


@dataclass(eq=False)
class File:
    """A file on its way: its size as announced, its bytes once uploaded, its message once shared.

    `data` stays out of the failures that pytest prints.
    """

    id: str
    name: str
    length: int
    alt: str
    data: bytes | None = field(default=None, repr=False)
    title: str = ""
    shared: tuple[str, str] | None = None


class Refusal(Exception):
    """What Slack says no with: a code, in an answer of status 200."""

    def __init__(self, code: str, why: str = "") -> None:
        super().__init__(f"{code}: {why}" if why else code)
        self.code = code


class Violation(Refusal):
    """A request that no state of things makes right."""
