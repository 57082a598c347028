"""Messages and reactions of channels: changes of the state, and the events that they cause."""

import re
from collections.abc import Sequence
from typing import Any

from tests.stubs.discord.attachments import Attachments
from tests.stubs.discord.gateway import Gateway
from tests.stubs.discord.objects import (
    ApiError,
    Channel,
    File,
    Flag,
    Intent,
    Json,
    User,
    Violation,
    invalid_form,
)
from tests.stubs.discord.spec import TEXT_DISPLAY, message_error, walk
from tests.stubs.discord.state import State, emoji_json, member_json, now, user_json

REPLY = 19
EMPTY: Json = {"content": "", "embeds": [], "components": [], "flags": 0}
"""Fields that a payload may set, and their values for null."""


class Chat:
    """Writes, edits and deletes messages and reactions, for people and for the bot."""

    def __init__(self, state: State, gateway: Gateway) -> None:
        self._state = state
        self._gateway = gateway
        self._attachments = Attachments(state)

    def write(
        self,
        channel: Channel,
        author: User,
        payload: Json,
        files: Sequence[File] = (),
        **extra: Any,
    ) -> Json:
        """Add a message; an ephemeral one causes no event.

        Args:
            channel: Channel of the message.
            author: Its author.
            payload: The fields that the author sets.
            files: Its attachments.
            **extra: The fields that the server sets.
        """
        message = {
            "id": self._state.new_id(),
            "channel_id": channel.id,
            "author": user_json(author),
            "timestamp": now(),
            "edited_timestamp": None,
            "tts": False,
            "pinned": False,
            "type": 0,
            "mention_roles": [],
            "attachments": [],
            **EMPTY,
            **self._reply(channel, payload.get("message_reference")),
            **extra,
        }
        self._fill(message, payload, files)
        self._state.messages[message["id"]] = message
        self._emit_message("MESSAGE_CREATE", channel, message)
        return message

    def edit(self, message: Json, payload: Json, files: Sequence[File] = ()) -> Json:
        """Change the fields in `payload`; two of the flags cannot be changed."""
        fixed = message["flags"] & (Flag.EPHEMERAL | Flag.COMPONENTS_V2)
        edited = {**message, "edited_timestamp": now()}
        self._fill(edited, {**payload, "flags": (payload.get("flags") or 0) | fixed}, files)
        message.update(edited)
        self._emit_message("MESSAGE_UPDATE", self._state.channel(message["channel_id"]), message)
        return message

    def delete(self, *messages: Json) -> None:
        """Delete messages of one channel, several in one bulk deletion."""
        ids = [message["id"] for message in messages]
        for message_id in ids:
            del self._state.messages[message_id]
        channel = self._state.channel(messages[0]["channel_id"])
        location = self._location(channel)
        if len(ids) == 1:
            self._emit("MESSAGE_DELETE", channel, {"id": ids[0], **location}, "MESSAGES")
        else:
            self._emit("MESSAGE_DELETE_BULK", channel, {"ids": ids, **location}, "MESSAGES")

    def react(self, message: Json, user: User, emoji: str, *, added: bool) -> None:
        """Add or remove a reaction; without a change there is no event."""
        if emoji.isascii() and ":" not in emoji:
            raise Violation(400, 10014, "Unknown Emoji")
        users = self._state.reactions.setdefault(message["id"], {}).setdefault(emoji, [])
        if (user in users) is added:
            return
        if added:
            users.append(user)
        else:
            users.remove(user)
            if not users:
                del self._state.reactions[message["id"]][emoji]
        channel = self._state.channel(message["channel_id"])
        event: Json = {
            "user_id": user.id,
            "message_id": message["id"],
            "emoji": emoji_json(emoji),
            "burst": False,
            "type": 0,
            **self._location(channel),
        }
        if added:
            event["message_author_id"] = message["author"]["id"]
            if channel.guild:
                event["member"] = member_json(user)
        name = "MESSAGE_REACTION_ADD" if added else "MESSAGE_REACTION_REMOVE"
        self._emit(name, channel, event, "MESSAGE_REACTIONS")

    def clear_reactions(self, message: Json) -> None:
        self._state.reactions.pop(message["id"], None)
        channel = self._state.channel(message["channel_id"])
        event = {"message_id": message["id"], **self._location(channel)}
        self._emit("MESSAGE_REACTION_REMOVE_ALL", channel, event, "MESSAGE_REACTIONS")

    def unfurl(self, message: Json) -> None:
        """Add the embed of a link, which Discord sends as an update of the message."""
        message["embeds"] = [{"type": "link", "url": "https://song.example", "title": "A song"}]
        self._emit_message("MESSAGE_UPDATE", self._state.channel(message["channel_id"]), message)

    def without_content(self, message: Json) -> Json:
        """Return a message as bots without the message content intent receive it.

        Direct messages, messages that mention the bot and its own messages are complete.
        """
        bot = self._state.bot_user.id
        direct = self._state.channel(message["channel_id"]).guild is None
        if direct or bot in {
            message["author"]["id"],
            *(user["id"] for user in message["mentions"]),
        }:
            return message
        return {**message, "content": "", "embeds": [], "attachments": [], "components": []}

    def _reply(self, channel: Channel, reference: Json | None) -> Json:
        if reference is None:
            return {}
        replied_to = self._state.messages.get(str(reference["message_id"]))
        if replied_to is None or replied_to["channel_id"] != channel.id:
            if reference.get("fail_if_not_exists", True):
                raise ApiError(400, 50035, "Invalid Form Body: Unknown message to reply to")
            return {}
        place = {"message_id": replied_to["id"], **self._location(channel), "type": 0}
        return {"type": REPLY, "message_reference": place, "referenced_message": replied_to}

    def _fill(self, message: Json, payload: Json, files: Sequence[File]) -> None:
        existing = self._attachments.of(message)
        message.update({key: payload[key] or EMPTY[key] for key in EMPTY if key in payload})
        listed = self._attachments.listed(existing, message, payload, files)
        if error := message_error(message, {attachment["filename"] for attachment in listed}):
            raise invalid_form(error)
        has_content = listed or any(message[key] for key in ("content", "embeds", "components"))
        if not has_content and not message["flags"] & Flag.LOADING:
            raise Violation(400, 50006, "Cannot send an empty message")
        self._attachments.resolve(message, listed)
        self._attachments.delete(existing.keys() - {attachment["id"] for attachment in listed})
        message.update(self._mentions(message, payload.get("allowed_mentions")))

    def _mentions(self, message: Json, allowed: Json | None) -> Json:
        """Return the fields with the mentions in the text that are allowed."""
        displayed = [p["content"] for p in walk(message["components"]) if p["type"] == TEXT_DISPLAY]
        text = "\n".join([message["content"], *displayed])
        parse = ["users", "everyone"] if allowed is None else allowed.get("parse") or []
        allowed_users = [str(user) for user in (allowed or {}).get("users") or []]
        found = [user for user in re.findall(r"<@!?(\d+)>", text) if user in self._state.users]
        mentioned = [user for user in found if "users" in parse or user in allowed_users]
        if "referenced_message" in message and (allowed is None or allowed.get("replied_user")):
            mentioned.append(message["referenced_message"]["author"]["id"])
        return {
            "mentions": [user_json(self._state.users[user]) for user in dict.fromkeys(mentioned)],
            "mention_everyone": "everyone" in parse and bool(re.search("@(everyone|here)", text)),
        }

    def _location(self, channel: Channel) -> Json:
        guild = {"guild_id": channel.guild.id} if channel.guild else {}
        return {"channel_id": channel.id, **guild}

    def _emit_message(self, event: str, channel: Channel, message: Json) -> None:
        if message["flags"] & Flag.EPHEMERAL:
            return
        data = {**self._state.message_json(message), **self._location(channel)}
        author = self._state.users[message["author"]["id"]]
        if channel.guild and "webhook_id" not in message:
            member = member_json(author)
            del member["user"]
            data["member"] = member
        self._emit(event, channel, data, "MESSAGES", self.without_content(data))

    def _emit(
        self,
        event: str,
        channel: Channel,
        data: Json,
        kind: str,
        without_content: Json | None = None,
    ) -> None:
        if not channel.joined:
            return
        intent = Intent[f"GUILD_{kind}" if channel.guild else f"DIRECT_{kind}"]
        self._gateway.emit(
            event,
            data,
            guild=channel.guild,
            required_intent=intent,
            without_content=without_content,
        )
