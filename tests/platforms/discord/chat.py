"""A simulated server (simcord) with the bot's client."""

import re
from typing import Any, Final

import discord
from simcord import ChannelHandle, Env, InteractionResult, MemberActor, ResponseMessage
from simcord.backend import serializers
from simcord.results import to_discord_message

from bot.domain.channel_settings import ChannelSettings
from bot.domain.places import Place
from bot.platforms.discord.events import Client
from bot.platforms.discord.shards import Shards
from tests.stubs.discord.spec import Spec, walk
from tests.support.factories import HEROES
from tests.support.fake_app import FakeApp
from tests.support.simulated_cdn import session_of

CONTAINER: Final = 17
TEXT: Final = 10
PICTURE: Final = 12
SELECT: Final = 3
BUTTON: Final = 2

OTHER_LINK: Final = f"https://open.spotify.com/track/{HEROES}"

VOICE_MESSAGE_FLAG: Final = 1 << 13

AnyMessage = discord.Message | ResponseMessage


def client(
    app: FakeApp, *, content: bool = True, refresh_delay: float = 0, welcomes: bool = False
) -> Client:
    """Return a client with one shard on fake ports; cards display votes without delay."""
    return Client(
        app.services,
        content=content,
        shards=Shards(range(1), 1),
        refresh_delay=refresh_delay,
        retry_delays=(0, 0),
        save_interval=86400,  # as simulated time would never come to rest
        welcomes=welcomes,
    )


class Chat:
    """A server with the channel `music` and the members Ann and Bob; `app` has the services."""

    def __init__(self, env: Env, app: FakeApp) -> None:
        self.env = env
        self.app = app
        self.guild = env.create_guild()
        self.music = self.guild.create_text_channel("music")
        self.ann = self.guild.add_member(env.create_user("ann"))
        self.bob = self.guild.add_member(env.create_user("bob"))

    def replies(self, channel: ChannelHandle | None = None) -> list[discord.Message]:
        """Return the bot's messages in a channel, oldest first."""
        history = (channel or self.music).history()
        return [message for message in history if message.author.id == self.bot_id]

    @property
    def bot_id(self) -> int:
        return self.env.backend.bot_user.id

    @property
    def bot(self) -> discord.ClientUser:
        assert self.env.bot.user is not None
        return self.env.bot.user

    @property
    def mention(self) -> str:
        return f"<@{self.bot_id}>"

    async def card(self, text: str, channel: ChannelHandle | None = None) -> discord.Message:
        """Let Ann paste `text`; return the one reply after all events are processed."""
        before = len(self.replies(channel))
        await self.ann.send(channel or self.music, text)
        (card,) = self.replies(channel)[before:]
        return card

    async def drop(
        self, *files: tuple[str, bytes], text: str = "", channel: ChannelHandle | None = None
    ) -> list[discord.Message]:
        """Let Ann post files; return the replies after all events are processed."""
        before = len(self.replies(channel))
        await self.ann.send(channel or self.music, text, attachments=files)
        return self.replies(channel)[before:]

    async def speak(self, channel: ChannelHandle | None = None) -> discord.Message:
        """Let Ann send a voice message; return it."""
        backend, place = self.env.backend, channel or self.music
        (file,) = backend.store_attachments(place.id, [("voice-message.ogg", b"music")])
        file |= {"duration_secs": 2.5, "waveform": "AAAA"}
        sent = backend.create_message(
            place.id, self.ann.id, attachments=[file], flags=VOICE_MESSAGE_FLAG
        )
        await self.env.settle()
        return to_discord_message(self.env, sent)

    @property
    def fetched(self) -> list[str]:
        """Addresses of the files that the bot fetched, in order."""
        return session_of(self.env.bot.http).asked

    def current(self, message: AnyMessage, channel: ChannelHandle | None = None) -> discord.Message:
        """Return the current state of a message."""
        return next(m for m in self.replies(channel) if m.id == message.id)

    async def restart(self, *, content: bool = True, refresh_delay: float = 0) -> None:
        """Restart the bot on the same data."""
        bot = client(self.app, content=content, refresh_delay=refresh_delay)
        await self.env.restart_bot(bot)

    async def redeliver(self, message: discord.Message) -> None:
        """Send the event of a message again, as Discord may when a session is resumed."""
        backend = self.env.backend
        stored = backend.get_message(message.channel.id, message.id)
        backend.emit("MESSAGE_CREATE", serializers.message_payload(backend, stored))
        await self.env.settle()

    def requests(self, method: str, path: str = "") -> list[Any]:
        """Return the bodies of the bot's requests to paths in which a pattern is found."""
        return [
            request.json
            for request in self.env.http_requests
            if request.method == method and re.search(path, request.path)
        ]

    def manager(self) -> MemberActor:
        """Add a member with the Manage Server permission."""
        role = self.guild.create_role("role", permissions=discord.Permissions(manage_guild=True))
        return self.guild.add_member(self.env.create_user("manager"), roles=[role])

    def bot_role(self, bot: int) -> int:
        """Add the managed role of a bot; return its id."""
        role = self.guild.create_role("Soundslike", managed=True)
        payload = {
            "id": str(role.id),
            "name": "Soundslike",
            "permissions": "0",
            "position": 1,
            "managed": True,
            "tags": {"bot_id": str(bot)},
        }
        self.env.backend.emit(
            "GUILD_ROLE_UPDATE", {"guild_id": str(self.guild.id), "role": payload}
        )
        return role.id

    def thread(self) -> ChannelHandle:
        """Create a thread in `music`."""
        thread = self.env.backend.create_thread(self.music.id, "talk", self.ann.id)
        return ChannelHandle(self.env, self.guild, thread)

    def place(self, channel: ChannelHandle | None = None) -> Place:
        """Return the place of `music`, or of another channel."""
        return Place("discord", str(self.guild.id), str((channel or self.music).id))

    def set_settings(self, settings: ChannelSettings) -> None:
        """Set the settings of `music`."""
        self.app.settings.set[self.place()] = settings


def components_of(message: AnyMessage | None, kind: int) -> list[dict[str, Any]]:
    """Return the components of one type in a message."""
    assert message is not None
    components: list[Any] = list(message.components)
    found = [part if isinstance(part, dict) else part.to_dict() for part in components]
    return [part for part in walk(found) if part["type"] == kind]


def text_of(message: AnyMessage | None) -> str:
    """Return the text of a message, including its components."""
    assert message is not None
    return "\n".join([message.content, *(part["content"] for part in components_of(message, TEXT))])


def ephemeral_text(result: InteractionResult) -> str:
    """Return the text of a command's ephemeral responses; fail if there is a public one."""
    assert result.response is None
    assert all(message.ephemeral for message in result.followups)
    return "\n".join(text_of(message) for message in result.followups)


def reactions_of(message: discord.Message) -> list[str]:
    """Return the reactions under a message, in order."""
    return [str(reaction.emoji) for reaction in message.reactions]


def violations(env: Env, spec: Spec) -> list[str]:
    """Return the violations of Discord's OpenAPI document in the bot's requests."""
    paths: list[str] = sorted(spec._document["paths"], key=lambda path: path.count("{"))
    patterns = [(re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), path) for path in paths]
    found = []
    for request in env.http_requests:
        route = next(
            (
                path
                for pattern, path in patterns
                if pattern.fullmatch(request.path) and spec.has_route(request.method, path)
            ),
            request.path,
        )
        if error := spec.error(request.method, route, request.json):
            found.append(f"{request.method} {request.path}: {error}")
    return found
