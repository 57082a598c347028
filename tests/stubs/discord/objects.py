"""Constants of Discord's protocol, and the objects of the stub."""

from dataclasses import dataclass, field
from enum import IntFlag
from typing import Any

Json = dict[str, Any]


class Permission(IntFlag):
    """Permissions of a member, with Discord's bit values."""

    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    USE_APPLICATION_COMMANDS = 1 << 31


EVERYONE = (
    Permission.ADD_REACTIONS
    | Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.USE_APPLICATION_COMMANDS
)
"""Permissions of every member, including the bot, which has no role of its own."""

NO_PERMISSIONS = Permission(0)

OWNER = EVERYONE | Permission.MANAGE_GUILD | Permission.MANAGE_MESSAGES


class Intent(IntFlag):
    """Groups of events that a session subscribes to, with Discord's bit values."""

    GUILDS = 1 << 0
    GUILD_MEMBERS = 1 << 1
    GUILD_PRESENCES = 1 << 8
    GUILD_MESSAGES = 1 << 9
    GUILD_MESSAGE_REACTIONS = 1 << 10
    DIRECT_MESSAGES = 1 << 12
    DIRECT_MESSAGE_REACTIONS = 1 << 13
    MESSAGE_CONTENT = 1 << 15


PRIVILEGED = Intent.GUILD_MEMBERS | Intent.GUILD_PRESENCES | Intent.MESSAGE_CONTENT


class Flag(IntFlag):
    """Flags of a message, with Discord's bit values."""

    EPHEMERAL = 1 << 6
    LOADING = 1 << 7
    COMPONENTS_V2 = 1 << 15


@dataclass(frozen=True)
class User:
    """An account."""

    id: str
    name: str
    bot: bool = False


@dataclass(frozen=True)
class Guild:
    """A server; `joined` is whether the bot is a member."""

    id: str
    name: str
    owner: User
    joined: bool = True


@dataclass(eq=False)
class Channel:
    """A text channel of a guild, direct messages with the bot, or a private group.

    Attributes:
        guild: The guild of a text channel, otherwise None.
        recipient: The user of direct messages, otherwise None. A group has neither.
        denied: Permissions that the bot lacks there.
        deleted: Whether it was deleted.
    """

    id: str
    name: str
    guild: Guild | None = None
    recipient: User | None = None
    denied: Permission = NO_PERMISSIONS
    deleted: bool = False

    @property
    def joined(self) -> bool:
        """Whether the bot is a member; otherwise only users who installed it can use it there."""
        return self.guild.joined if self.guild else self.recipient is not None

    @property
    def allowed(self) -> Permission:
        return EVERYONE & ~self.denied if self.joined else NO_PERMISSIONS

    @property
    def allowed_in_answers(self) -> Permission:
        """Permissions of the bot in responses to interactions, which need no membership."""
        return self.allowed or (Permission.ATTACH_FILES | Permission.EMBED_LINKS) & ~self.denied


@dataclass(frozen=True)
class File:
    """An uploaded file. `data` is left out of `repr`, so that pytest does not print it."""

    name: str
    data: bytes = field(repr=False)
    description: str | None = None


class ApiError(Exception):
    """An error response: an HTTP status, and a code and a message in JSON."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(f"{status}, {code}: {message}")
        self.status = status
        self.code = code
        self.message = message


class Violation(ApiError):
    """A request that is wrong in every state of the server, and fails the test."""


def missing_permission() -> ApiError:
    return ApiError(403, 50013, "Missing Permissions")


def missing_access() -> ApiError:
    return ApiError(403, 50001, "Missing Access")


def unknown(kind: str) -> ApiError:
    codes = {"Channel": 10003, "Message": 10008, "User": 10013, "Webhook": 10015}
    return ApiError(404, (codes | {"Interaction": 10062})[kind], f"Unknown {kind}")


def invalid_form(reason: str) -> Violation:
    return Violation(400, 50035, f"Invalid Form Body: {reason}")
