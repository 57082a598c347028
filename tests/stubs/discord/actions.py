"""What people do on this Discord. Each act sends the events that Discord would send."""

from collections.abc import Mapping, Sequence
from typing import Any

from tests.stubs.discord.chat import Chat
from tests.stubs.discord.gateway import Gateway
from tests.stubs.discord.interactions import Interaction, Interactions, Kind
from tests.stubs.discord.spec import walk
from tests.stubs.discord.state import State, member_json, user_json
from tests.stubs.discord.values import NOTHING, Channel, File, Guild, Intent, Json, Permission, User

STRING_SELECT = 3
BUTTON = 2
CHANNEL_OPTION = 7
SLASH, MESSAGE_MENU = 1, 3
IN_GUILD, IN_DIRECT_MESSAGE, IN_PRIVATE_CHANNEL = 0, 1, 2


class People:
    """Makes people and places, and lets people act. Messages are named by their ids."""

    def __init__(
        self, state: State, chat: Chat, gateway: Gateway, interactions: Interactions
    ) -> None:
        self._world = state
        self._chat = chat
        self._gateway = gateway
        self._interactions = interactions

    def user(self, name: str, *, bot: bool = False) -> User:
        user = User(self._world.mint(), name, bot)
        self._world.users[user.id] = user
        return user

    def guild(
        self, name: str, owner: User, *, number: int | None = None, joined: bool = True
    ) -> Guild:
        """Make a guild; a `number` puts it on the shard `number % count`."""
        guild_id = self._world.mint() if number is None else str(number << 22)
        guild = Guild(guild_id, name, owner, joined)
        self._world.guilds[guild.id] = guild
        if joined:
            known = self._world.guild_json(guild)
            del known["unavailable"]
            self._gateway.emit("GUILD_CREATE", known, guild=guild, needs=Intent.GUILDS)
        return guild

    def channel(self, guild: Guild, name: str) -> Channel:
        channel = Channel(self._world.mint(), name, guild)
        self._world.channels[channel.id] = channel
        self._about(channel, "CHANNEL_CREATE")
        return channel

    def direct(self, user: User) -> Channel:
        return self._world.direct(user)

    def group(self, name: str) -> Channel:
        """Make a group that people talk in without the bot."""
        channel = Channel(self._world.mint(), name)
        self._world.channels[channel.id] = channel
        return channel

    def deny(self, channel: Channel, *denied: Permission) -> None:
        """Take these permissions from the bot in a channel, and give it all the others."""
        channel.denied = NOTHING
        for permission in denied:
            channel.denied |= permission
        self._about(channel, "CHANNEL_UPDATE")

    def delete_channel(self, channel: Channel) -> None:
        channel.gone = True
        self._about(channel, "CHANNEL_DELETE")

    def post(
        self,
        channel: Channel,
        user: User,
        content: str,
        *,
        reply_to: str | None = None,
        ping: bool = True,
        files: Sequence[File] = (),
    ) -> str:
        """Write a message, and return its id."""
        payload: Json = {"content": content}
        if reply_to:
            payload["message_reference"] = {"message_id": reply_to}
            payload["allowed_mentions"] = {"parse": ["users"], "replied_user": ping}
        return str(self._chat.write(channel, user, payload, files)["id"])

    def edit(self, message_id: str, content: str) -> None:
        self._chat.edit(self._world.messages[message_id], {"content": content})

    def delete(self, *message_ids: str) -> None:
        """Delete messages of one channel; several at once, as a moderator does."""
        self._chat.delete(*(self._world.messages[message_id] for message_id in message_ids))

    def react(self, message_id: str, user: User, emoji: str, *, added: bool = True) -> None:
        """Add a reaction, or take it back."""
        self._chat.react(self._world.messages[message_id], user, emoji, added=added)

    def clear_reactions(self, message_id: str) -> None:
        """Take everyone's reactions away, as a moderator does."""
        self._chat.clear_reactions(self._world.messages[message_id])

    def unfurl(self, message_id: str) -> None:
        """Let Discord put an embed under a link: an update that no person made."""
        self._chat.unfurl(self._world.messages[message_id])

    def command(
        self,
        name: str,
        user: User,
        channel: Channel,
        /,
        *,
        user_installed: bool = False,
        **options: Any,
    ) -> Interaction:
        """Give a slash command; an option may be a channel."""
        data = self._command_data(name, SLASH, user, channel, options)
        return self._begin(Kind.COMMAND, user, channel, data, user_installed=user_installed)

    def autocomplete(
        self,
        name: str,
        user: User,
        channel: Channel,
        /,
        *,
        user_installed: bool = False,
        **options: Any,
    ) -> Interaction:
        """Type into the last of the options, which asks for choices."""
        data = self._command_data(name, SLASH, user, channel, options)
        data["options"][-1]["focused"] = True
        return self._begin(Kind.AUTOCOMPLETE, user, channel, data, user_installed=user_installed)

    def context_menu(
        self, name: str, message_id: str, user: User, *, user_installed: bool = False
    ) -> Interaction:
        """Choose a command from a message's menu."""
        message = self._world.messages[message_id]
        channel = self._world.channel(message["channel_id"])
        data = self._command_data(name, MESSAGE_MENU, user, channel, {})
        data["target_id"] = message_id
        data["resolved"] = {"messages": {message_id: self._world.message_json(message)}}
        return self._begin(Kind.COMMAND, user, channel, data, user_installed=user_installed)

    def select(
        self, message_id: str, custom_id: str, values: Sequence[str], user: User
    ) -> Interaction:
        """Choose from a select menu of the bot's."""
        menu = self._part(message_id, custom_id)
        offered = {option["value"] for option in menu["options"]}
        assert set(values) <= offered, f"{custom_id} offers {sorted(offered)}"
        data = {"component_type": STRING_SELECT, "custom_id": custom_id, "values": list(values)}
        return self._click(message_id, data, user)

    def press(self, message_id: str, custom_id: str, user: User) -> Interaction:
        """Press a button of the bot's."""
        self._part(message_id, custom_id)
        return self._click(message_id, {"component_type": BUTTON, "custom_id": custom_id}, user)

    def _part(self, message_id: str, custom_id: str) -> Json:
        parts = list(walk(self._world.messages[message_id]["components"]))
        found = [part for part in parts if part.get("custom_id") == custom_id]
        assert found, f"no {custom_id} among {[part.get('custom_id') for part in parts]}"
        assert not found[0].get("disabled"), f"{custom_id} is disabled"
        return found[0]

    def _click(self, message_id: str, data: Json, user: User) -> Interaction:
        message = self._world.messages[message_id]
        channel = self._world.channel(message["channel_id"])
        alone = not channel.joined
        return self._begin(
            Kind.COMPONENT, user, channel, data, user_installed=alone, source=message
        )

    def _command_data(
        self, name: str, kind: int, user: User, channel: Channel, options: Mapping[str, Any]
    ) -> Json:
        known = {(command["name"], command["type"]): command for command in self._world.commands}
        command = known.get((name, kind))
        assert command, f"the bot has registered {sorted(known)}"
        contexts = command.get("contexts")
        assert contexts is None or _context(channel) in contexts, f"/{name} is not offered there"
        needed = Permission(int(command["default_member_permissions"] or 0))
        assert needed in self._world.permissions(user, channel), f"/{name} is hidden from them"
        types = {option["name"]: option["type"] for option in command.get("options") or []}
        given = [
            {
                "name": option,
                "type": types[option],
                "value": value.id if isinstance(value, Channel) else value,
            }
            for option, value in options.items()
        ]
        data = {"id": command["id"], "name": name, "type": kind, "options": given}
        chosen = [value for value in options.values() if isinstance(value, Channel)]
        if chosen:
            data["resolved"] = {"channels": {one.id: self._resolved(user, one) for one in chosen}}
        return data

    def _resolved(self, user: User, channel: Channel) -> Json:
        permissions = str(int(self._world.permissions(user, channel)))
        return {**self._world.channel_json(channel), "permissions": permissions}

    def _begin(
        self,
        kind: Kind,
        user: User,
        channel: Channel,
        data: Json,
        *,
        user_installed: bool,
        source: Json | None = None,
    ) -> Interaction:
        guild = channel.guild
        assert channel.joined or user_installed, f"the bot is not in {channel}"
        state = self._world
        interaction = Interaction(
            state.mint(), f"token-{state.mint()}", kind, user, channel, user_installed, source
        )
        self._interactions.known[interaction.token] = interaction
        owner = {"1": user.id} if user_installed else {"0": guild.id if guild else "0"}
        event: Json = {
            "id": interaction.id,
            "application_id": state.application_id,
            "type": int(kind),
            "token": interaction.token,
            "version": 1,
            "data": data,
            "channel_id": channel.id,
            "channel": state.channel_json(channel),
            "app_permissions": str(int(channel.allowed_in_answers)),
            "locale": "en-US",
            "entitlements": [],
            "authorizing_integration_owners": owner,
            "context": _context(channel),
            "attachment_size_limit": 10 * 1024**2,
        }
        if guild:
            event["guild_id"] = guild.id
            event["guild"] = {"id": guild.id, "locale": "en-US", "features": []}
            event["guild_locale"] = "en-US"
            event["member"] = member_json(user, state.permissions(user, channel))
        else:
            event["user"] = user_json(user)
        if source:
            event["message"] = state.message_json(source)
        self._gateway.emit("INTERACTION_CREATE", event, guild=guild, needs=Intent(0))
        return interaction

    def _about(self, channel: Channel, event: str) -> None:
        if channel.joined:
            told = self._world.channel_json(channel)
            self._gateway.emit(event, told, guild=channel.guild, needs=Intent.GUILDS)


def _context(channel: Channel) -> int:
    if channel.guild:
        return IN_GUILD
    return IN_DIRECT_MESSAGE if channel.recipient else IN_PRIVATE_CHANNEL
