"""Actions of people on the fake Discord, and the events that Discord sends for them."""

from collections.abc import Mapping, Sequence
from typing import Any

from tests.stubs.discord.chat import Chat
from tests.stubs.discord.gateway import Gateway
from tests.stubs.discord.interactions import Interaction, Interactions, InteractionType
from tests.stubs.discord.objects import (
    NO_PERMISSIONS,
    Channel,
    File,
    Guild,
    Intent,
    Json,
    Permission,
    User,
)
from tests.stubs.discord.spec import walk
from tests.stubs.discord.state import State, member_json, user_json

STRING_SELECT = 3
BUTTON = 2
CHANNEL_OPTION = 7
SLASH, MESSAGE_MENU = 1, 3
IN_GUILD, IN_DIRECT_MESSAGE, IN_PRIVATE_CHANNEL = 0, 1, 2


class Actions:
    """Creates users, guilds and channels, and acts as users. Messages are given by their ids."""

    def __init__(
        self, state: State, chat: Chat, gateway: Gateway, interactions: Interactions
    ) -> None:
        self._state = state
        self._chat = chat
        self._gateway = gateway
        self._interactions = interactions

    def user(self, name: str, *, bot: bool = False) -> User:
        user = User(self._state.new_id(), name, bot)
        self._state.users[user.id] = user
        return user

    def guild(
        self, name: str, owner: User, *, number: int | None = None, joined: bool = True
    ) -> Guild:
        """Create a guild; `number` assigns it to the shard `number % count`."""
        guild_id = self._state.new_id() if number is None else str(number << 22)
        guild = Guild(guild_id, name, owner, joined)
        self._state.guilds[guild.id] = guild
        if joined:
            data = self._state.guild_json(guild)
            del data["unavailable"]
            self._gateway.emit("GUILD_CREATE", data, guild=guild, required_intent=Intent.GUILDS)
        return guild

    def channel(self, guild: Guild, name: str) -> Channel:
        channel = Channel(self._state.new_id(), name, guild)
        self._state.channels[channel.id] = channel
        self._emit_channel(channel, "CHANNEL_CREATE")
        return channel

    def direct_messages(self, user: User) -> Channel:
        return self._state.direct_messages(user)

    def group(self, name: str) -> Channel:
        """Create a private group, in which the bot is not a member."""
        channel = Channel(self._state.new_id(), name)
        self._state.channels[channel.id] = channel
        return channel

    def deny(self, channel: Channel, *denied: Permission) -> None:
        """Deny the bot these permissions in a channel, and allow all others."""
        channel.denied = NO_PERMISSIONS
        for permission in denied:
            channel.denied |= permission
        self._emit_channel(channel, "CHANNEL_UPDATE")

    def delete_channel(self, channel: Channel) -> None:
        channel.deleted = True
        self._emit_channel(channel, "CHANNEL_DELETE")

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
        """Write a message; return its id."""
        payload: Json = {"content": content}
        if reply_to:
            payload["message_reference"] = {"message_id": reply_to}
            payload["allowed_mentions"] = {"parse": ["users"], "replied_user": ping}
        return str(self._chat.write(channel, user, payload, files)["id"])

    def edit(self, message_id: str, content: str) -> None:
        self._chat.edit(self._state.messages[message_id], {"content": content})

    def delete(self, *message_ids: str) -> None:
        """Delete messages of one channel, several in one bulk deletion."""
        self._chat.delete(*(self._state.messages[message_id] for message_id in message_ids))

    def react(self, message_id: str, user: User, emoji: str, *, added: bool = True) -> None:
        """Add a reaction, or remove it."""
        self._chat.react(self._state.messages[message_id], user, emoji, added=added)

    def clear_reactions(self, message_id: str) -> None:
        """Remove all reactions, as a moderator."""
        self._chat.clear_reactions(self._state.messages[message_id])

    def unfurl(self, message_id: str) -> None:
        """Add the embed of a link, as Discord does by itself."""
        self._chat.unfurl(self._state.messages[message_id])

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
        """Use a slash command; an option may be a channel."""
        data = self._command_data(name, SLASH, user, channel, options)
        return self._start(
            InteractionType.COMMAND, user, channel, data, user_installed=user_installed
        )

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
        """Type into the last option, which requests choices."""
        data = self._command_data(name, SLASH, user, channel, options)
        data["options"][-1]["focused"] = True
        return self._start(
            InteractionType.AUTOCOMPLETE, user, channel, data, user_installed=user_installed
        )

    def context_menu(
        self, name: str, message_id: str, user: User, *, user_installed: bool = False
    ) -> Interaction:
        """Use a command in the menu of a message."""
        message = self._state.messages[message_id]
        channel = self._state.channel(message["channel_id"])
        data = self._command_data(name, MESSAGE_MENU, user, channel, {})
        data["target_id"] = message_id
        data["resolved"] = {"messages": {message_id: self._state.message_json(message)}}
        return self._start(
            InteractionType.COMMAND, user, channel, data, user_installed=user_installed
        )

    def select(
        self, message_id: str, custom_id: str, values: Sequence[str], user: User
    ) -> Interaction:
        """Choose values in a select menu of the bot."""
        menu = self._component(message_id, custom_id)
        offered = {option["value"] for option in menu["options"]}
        assert set(values) <= offered, f"{custom_id} offers {sorted(offered)}"
        data = {"component_type": STRING_SELECT, "custom_id": custom_id, "values": list(values)}
        return self._click(message_id, data, user)

    def press(self, message_id: str, custom_id: str, user: User) -> Interaction:
        """Press a button of the bot."""
        self._component(message_id, custom_id)
        return self._click(message_id, {"component_type": BUTTON, "custom_id": custom_id}, user)

    def _component(self, message_id: str, custom_id: str) -> Json:
        components = list(walk(self._state.messages[message_id]["components"]))
        found = [one for one in components if one.get("custom_id") == custom_id]
        assert found, f"no {custom_id} among {[one.get('custom_id') for one in components]}"
        assert not found[0].get("disabled"), f"{custom_id} is disabled"
        return found[0]

    def _click(self, message_id: str, data: Json, user: User) -> Interaction:
        message = self._state.messages[message_id]
        channel = self._state.channel(message["channel_id"])
        return self._start(
            InteractionType.COMPONENT,
            user,
            channel,
            data,
            user_installed=not channel.joined,
            source=message,
        )

    def _command_data(
        self, name: str, kind: int, user: User, channel: Channel, options: Mapping[str, Any]
    ) -> Json:
        registered = {
            (command["name"], command["type"]): command for command in self._state.commands
        }
        command = registered.get((name, kind))
        assert command, f"the bot has registered {sorted(registered)}"
        contexts = command.get("contexts")
        assert contexts is None or _context(channel) in contexts, f"/{name} is not offered there"
        required = Permission(int(command["default_member_permissions"] or 0))
        assert required in self._state.permissions(user, channel), (
            f"/{name} is hidden from {user.name}"
        )
        types = {option["name"]: option["type"] for option in command.get("options") or []}
        values = [
            {
                "name": option,
                "type": types[option],
                "value": value.id if isinstance(value, Channel) else value,
            }
            for option, value in options.items()
        ]
        data = {"id": command["id"], "name": name, "type": kind, "options": values}
        channels = [value for value in options.values() if isinstance(value, Channel)]
        if channels:
            data["resolved"] = {"channels": {one.id: self._resolved(user, one) for one in channels}}
        return data

    def _resolved(self, user: User, channel: Channel) -> Json:
        permissions = str(int(self._state.permissions(user, channel)))
        return {**self._state.channel_json(channel), "permissions": permissions}

    def _start(
        self,
        kind: InteractionType,
        user: User,
        channel: Channel,
        data: Json,
        *,
        user_installed: bool,
        source: Json | None = None,
    ) -> Interaction:
        guild = channel.guild
        assert channel.joined or user_installed, f"the bot is not in {channel}"
        state = self._state
        interaction = Interaction(
            id=state.new_id(),
            token=f"token-{state.new_id()}",
            kind=kind,
            user=user,
            channel=channel,
            user_installed=user_installed,
            created_at=state.clock(),
            source=source,
        )
        self._interactions.by_token[interaction.token] = interaction
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
        event |= self._user_fields(user, channel)
        if source:
            event["message"] = state.message_json(source)
        self._gateway.emit("INTERACTION_CREATE", event, guild=guild, required_intent=Intent(0))
        return interaction

    def _user_fields(self, user: User, channel: Channel) -> Json:
        if channel.guild is None:
            return {"user": user_json(user)}
        return {
            "guild_id": channel.guild.id,
            "guild": {"id": channel.guild.id, "locale": "en-US", "features": []},
            "guild_locale": "en-US",
            "member": member_json(user, self._state.permissions(user, channel)),
        }

    def _emit_channel(self, channel: Channel, event: str) -> None:
        if channel.joined:
            data = self._state.channel_json(channel)
            self._gateway.emit(event, data, guild=channel.guild, required_intent=Intent.GUILDS)


def _context(channel: Channel) -> int:
    if channel.guild:
        return IN_GUILD
    return IN_DIRECT_MESSAGE if channel.recipient else IN_PRIVATE_CHANNEL
