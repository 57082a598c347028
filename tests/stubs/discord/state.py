"""State of the fake Discord, and its objects as Discord's JSON."""

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from tests.stubs.discord.objects import (
    EVERYONE,
    OWNER,
    PRIVILEGED,
    Channel,
    Guild,
    Intent,
    Json,
    Permission,
    User,
    unknown,
)

DISCORD_EPOCH_MS = 1_420_070_400_000
GATEWAY_MESSAGE_CONTENT_LIMITED = (
    1 << 19
)  # the application's flag for bots in less than 100 servers


def now() -> str:
    return datetime.now(UTC).isoformat()


class State:
    """All objects.

    Attributes:
        url: Base address of the server; empty until it is started.
        token: The bot's token.
        clock: Returns seconds; ages of nonces, tokens and sessions are measured by it.
        granted: Privileged intents that are enabled in the developer portal.
        bot_user: The bot's account.
        messages: Messages by id as Discord's JSON, without reactions.
        reactions: Users by message id and emoji, in the order of the reactions.
        files: Contents of attachments by id.
        commands: The registered commands as Discord's JSON.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._last_id = 0
        self.clock = clock
        self.url = ""
        self.token = "stub.token"  # noqa: S105 - of the stub
        self.granted = PRIVILEGED
        self.bot_user = User(self.new_id(), "Soundslike", bot=True)
        self.users: dict[str, User] = {self.bot_user.id: self.bot_user}
        self.guilds: dict[str, Guild] = {}
        self.channels: dict[str, Channel] = {}
        self.messages: dict[str, Json] = {}
        self.reactions: dict[str, dict[str, list[User]]] = {}
        self.files: dict[str, bytes] = {}
        self.commands: list[Json] = []

    def new_id(self) -> str:
        """Return a new snowflake, with milliseconds since 2015 in the upper bits; they increase."""
        snowflake = (int(time.time() * 1000) - DISCORD_EPOCH_MS) << 22
        self._last_id = max(self._last_id + 1, snowflake)
        return str(self._last_id)

    @property
    def gateway_url(self) -> str:
        return self.url.replace("http", "ws", 1) + "/gateway"

    @property
    def application_id(self) -> str:
        return self.bot_user.id

    def channel(self, channel_id: str) -> Channel:
        channel = self.channels.get(channel_id)
        if channel is None or channel.deleted:
            raise unknown("Channel")
        return channel

    def message(self, channel_id: str, message_id: str) -> Json:
        message = self.messages.get(message_id)
        if message is None or message["channel_id"] != channel_id:
            raise unknown("Message")
        return message

    def direct_messages(self, user: User) -> Channel:
        """Return the channel of direct messages between a user and the bot."""
        for channel in self.channels.values():
            if channel.recipient == user:
                return channel
        channel = Channel(self.new_id(), user.name, recipient=user)
        self.channels[channel.id] = channel
        return channel

    def permissions(self, user: User, channel: Channel) -> Permission:
        if user == self.bot_user:
            return channel.allowed
        return OWNER if channel.guild and channel.guild.owner == user else EVERYONE

    def application_json(self) -> Json:
        content = Intent.MESSAGE_CONTENT in self.granted
        owner = User("1", "owner")
        return {
            "id": self.application_id,
            "name": self.bot_user.name,
            "icon": None,
            "description": "",
            "bot_public": True,
            "bot_require_code_grant": False,
            "verify_key": "",
            "owner": user_json(owner),
            "flags": GATEWAY_MESSAGE_CONTENT_LIMITED if content else 0,
        }

    def channel_json(self, channel: Channel) -> Json:
        if channel.recipient:
            recipients = [user_json(channel.recipient)]
            return {"id": channel.id, "type": 1, "recipients": recipients, "last_message_id": None}
        if channel.guild is None:
            group = {"type": 3, "recipients": [], "icon": None, "owner_id": None}
            return {"id": channel.id, "name": channel.name, "last_message_id": None, **group}
        denied = {"id": self.bot_user.id, "type": 1, "allow": "0", "deny": str(int(channel.denied))}
        return {
            "id": channel.id,
            "guild_id": channel.guild.id,
            "type": 0,
            "name": channel.name,
            "position": 0,
            "parent_id": None,
            "nsfw": False,
            "topic": None,
            "rate_limit_per_user": 0,
            "last_message_id": None,
            "permission_overwrites": [denied] if channel.denied else [],
        }

    def guild_json(self, guild: Guild) -> Json:
        channels = [c for c in self.channels.values() if c.guild == guild and not c.deleted]
        everyone = {
            "id": guild.id,
            "name": "@everyone",
            "permissions": str(int(EVERYONE)),
            "position": 0,
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "managed": False,
            "mentionable": False,
            "flags": 0,
        }
        return {
            "id": guild.id,
            "name": guild.name,
            "owner_id": guild.owner.id,
            "unavailable": False,
            "member_count": len(self.users),
            "large": False,
            "joined_at": now(),
            "roles": [everyone],
            "members": [member_json(self.bot_user)],
            "channels": [self.channel_json(channel) for channel in channels],
            "preferred_locale": "en-US",
            **{name: [] for name in ("threads", "emojis", "stickers", "features", "presences")},
            **{name: [] for name in ("voice_states", "stage_instances", "soundboard_sounds")},
            **dict.fromkeys(("verification_level", "default_message_notifications"), 0),
            **dict.fromkeys(("explicit_content_filter", "mfa_level", "nsfw_level"), 0),
            **dict.fromkeys(("premium_tier", "system_channel_flags", "afk_timeout"), 0),
        }

    def message_json(self, message: Mapping[str, object]) -> Json:
        reactions = self.reactions.get(str(message["id"]), {})
        counts = [
            {
                "emoji": emoji_json(emoji),
                "count": len(users),
                "count_details": {"normal": len(users), "burst": 0},
                "me": self.bot_user in users,
                "me_burst": False,
                "burst_colors": [],
            }
            for emoji, users in reactions.items()
        ]
        return {**message, **({"reactions": counts} if counts else {})}


def user_json(user: User) -> Json:
    return {
        "id": user.id,
        "username": user.name,
        "global_name": None,
        "discriminator": "0",
        "avatar": None,
        "bot": user.bot,
        "public_flags": 0,
    }


def member_json(user: User, permissions: Permission | None = None) -> Json:
    member: Json = {
        "user": user_json(user),
        "nick": None,
        "avatar": None,
        "roles": [],
        "joined_at": "2026-01-01T00:00:00+00:00",
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "pending": False,
        "flags": 0,
    }
    if permissions is not None:
        member["permissions"] = str(int(permissions))
    return member


def emoji_json(emoji: str) -> Json:
    name, _, emoji_id = emoji.partition(":")
    return {"id": emoji_id or None, "name": name}
