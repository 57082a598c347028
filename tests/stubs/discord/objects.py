"""The words of Discord's protocol, and the people and places of a test."""

from dataclasses import dataclass, field
from enum import IntFlag
from typing import Any

Json = dict[str, Any]


class Permission(IntFlag):
    """What a member may do, by Discord's bits."""

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
"""What every member may do, and so the bot, as it is invited without a role of its own."""

NOTHING = Permission(0)

OWNER = EVERYONE | Permission.MANAGE_GUILD | Permission.MANAGE_MESSAGES


class Intent(IntFlag):
    """Which events a session asks for, by Discord's bits."""

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
    """A message's flags, by Discord's bits."""

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
    """A server. Unless `joined`, the bot is no member: only those who installed it reach it."""

    id: str
    name: str
    owner: User
    joined: bool = True


@dataclass(eq=False)
class Channel:
    """A text channel of a guild, a person's direct messages with the bot, or a private group.

    A group has neither `guild` nor `recipient`, and the bot is not in it. `denied` is what the bot
    may not do there.
    """

    id: str
    name: str
    guild: Guild | None = None
    recipient: User | None = None
    denied: Permission = NOTHING
    gone: bool = False

    @property
    def joined(self) -> bool:
        """Whether the bot is there, and not only those who installed it for themselves."""
        return self.guild.joined if self.guild else self.recipient is not None

    @property
    def allowed(self) -> Permission:
        return EVERYONE & ~self.denied if self.joined else NOTHING

    @property
    def allowed_in_answers(self) -> Permission:
        """What the bot may do in answers to interactions, which need no membership."""
        return self.allowed or (Permission.ATTACH_FILES | Permission.EMBED_LINKS) & ~self.denied


@dataclass(frozen=True)
class File:
    """A file as it was uploaded. `data` stays out of the failures that pytest prints."""

    name: str
    data: bytes = field(repr=False)
    description: str | None = None


class Refusal(Exception):
    """What Discord says no with: an HTTP status, and a code and a sentence in JSON."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(f"{status}, {code}: {message}")
        self.status = status
        self.code = code
        self.message = message


class Violation(Refusal):
    """A request that no state of things makes right."""


def missing_permission() -> Refusal:
    return Refusal(403, 50013, "Missing Permissions")


def missing_access() -> Refusal:
    return Refusal(403, 50001, "Missing Access")


def unknown(what: str) -> Refusal:
    codes = {"Channel": 10003, "Message": 10008, "User": 10013, "Webhook": 10015}
    return Refusal(404, (codes | {"Interaction": 10062})[what], f"Unknown {what}")


def invalid_form(why: str) -> Violation:
    return Violation(400, 50035, f"Invalid Form Body: {why}")
