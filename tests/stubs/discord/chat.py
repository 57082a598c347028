"""What is done in channels, by people and by the bot alike, with the events it causes."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from tests.stubs.discord.gateway import Gateway
from tests.stubs.discord.spec import TEXT_DISPLAY, message_fault, walk
from tests.stubs.discord.state import State, emoji_json, member_json, now, user_json
from tests.stubs.discord.values import (
    Channel,
    File,
    Flag,
    Intent,
    Json,
    Refusal,
    User,
    Violation,
    invalid_form,
)

REPLY = 19
EMPTY: Json = {"content": "", "embeds": [], "components": [], "flags": 0}
"""What a payload may say, and what null stands for."""


class Chat:
    """Channels' messages and reactions."""

    def __init__(self, state: State, gateway: Gateway) -> None:
        self._world = state
        self._gateway = gateway

    def write(
        self,
        channel: Channel,
        author: User,
        payload: Json,
        files: Sequence[File] = (),
        **extra: Any,
    ) -> Json:
        """Add a message as `payload` describes it; `extra` fields are the server's own.

        An ephemeral one is kept for those who ask by its id, and no event tells of it.
        """
        message = {
            "id": self._world.mint(),
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
        self._world.messages[message["id"]] = message
        self._tell("MESSAGE_CREATE", channel, message)
        return message

    def edit(self, message: Json, payload: Json, files: Sequence[File] = ()) -> Json:
        """Change what `payload` names; two flags stay whatever it says."""
        kept = message["flags"] & (Flag.EPHEMERAL | Flag.COMPONENTS_V2)
        edited = {**message, "edited_timestamp": now()}
        self._fill(edited, {**payload, "flags": (payload.get("flags") or 0) | kept}, files)
        message.update(edited)
        self._tell("MESSAGE_UPDATE", self._world.channel(message["channel_id"]), message)
        return message

    def delete(self, *messages: Json) -> None:
        """Delete messages of one channel; several at once, as a moderator does."""
        ids = [message["id"] for message in messages]
        for message_id in ids:
            del self._world.messages[message_id]
        channel = self._world.channel(messages[0]["channel_id"])
        where = self._where(channel)
        if len(ids) == 1:
            self._emit("MESSAGE_DELETE", channel, {"id": ids[0], **where}, "MESSAGES")
        else:
            self._emit("MESSAGE_DELETE_BULK", channel, {"ids": ids, **where}, "MESSAGES")

    def react(self, message: Json, user: User, emoji: str, *, added: bool) -> None:
        """Add or take back a reaction; nothing happens when it is so already."""
        if emoji.isascii() and ":" not in emoji:
            raise Violation(400, 10014, "Unknown Emoji")
        users = self._world.reactions.setdefault(message["id"], {}).setdefault(emoji, [])
        if (user in users) is added:
            return
        if added:
            users.append(user)
        else:
            users.remove(user)
            if not users:
                del self._world.reactions[message["id"]][emoji]
        channel = self._world.channel(message["channel_id"])
        event: Json = {
            "user_id": user.id,
            "message_id": message["id"],
            "emoji": emoji_json(emoji),
            "burst": False,
            "type": 0,
            **self._where(channel),
        }
        if added:
            event["message_author_id"] = message["author"]["id"]
            if channel.guild:
                event["member"] = member_json(user)
        name = "MESSAGE_REACTION_ADD" if added else "MESSAGE_REACTION_REMOVE"
        self._emit(name, channel, event, "MESSAGE_REACTIONS")

    def clear_reactions(self, message: Json) -> None:
        self._world.reactions.pop(message["id"], None)
        channel = self._world.channel(message["channel_id"])
        event = {"message_id": message["id"], **self._where(channel)}
        self._emit("MESSAGE_REACTION_REMOVE_ALL", channel, event, "MESSAGE_REACTIONS")

    def unfurl(self, message: Json) -> None:
        """Show what is behind a link, as Discord does after a moment; nobody edited anything."""
        message["embeds"] = [{"type": "link", "url": "https://song.example", "title": "A song"}]
        self._tell("MESSAGE_UPDATE", self._world.channel(message["channel_id"]), message)

    def without_content(self, message: Json) -> Json:
        """Return what a bot sees that may not read messages, unless this one is for it or its own.

        As Discord has it: direct messages, mentions, and what the bot wrote are seen whole.
        """
        me = self._world.me.id
        direct = self._world.channel(message["channel_id"]).guild is None
        if direct or me in {message["author"]["id"], *(user["id"] for user in message["mentions"])}:
            return message
        return {**message, "content": "", "embeds": [], "attachments": [], "components": []}

    def _reply(self, channel: Channel, reference: Json | None) -> Json:
        if reference is None:
            return {}
        answered = self._world.messages.get(str(reference["message_id"]))
        if answered is None or answered["channel_id"] != channel.id:
            if reference.get("fail_if_not_exists", True):
                raise Refusal(400, 50035, "Invalid Form Body: Unknown message to reply to")
            return {}
        place = {"message_id": answered["id"], **self._where(channel), "type": 0}
        return {"type": REPLY, "message_reference": place, "referenced_message": answered}

    def _fill(self, message: Json, payload: Json, files: Sequence[File]) -> None:
        message.update({key: payload[key] or EMPTY[key] for key in EMPTY if key in payload})
        uploads = dict(enumerate(files))
        message["attachments"] = self._attachments(message, payload, uploads)
        names = {attachment["filename"]: attachment["url"] for attachment in message["attachments"]}
        if fault := message_fault(message, set(names)):
            raise invalid_form(fault)
        said = any(message[key] for key in ("content", "embeds", "components", "attachments"))
        if not said and not message["flags"] & Flag.LOADING:
            raise Violation(400, 50006, "Cannot send an empty message")
        message["embeds"] = _resolve(message["embeds"], names)
        message["components"] = _resolve(message["components"], names)
        message.update(self._mentions(message, payload.get("allowed_mentions")))

    def _attachments(
        self, message: Json, payload: Json, uploads: Mapping[int, File]
    ) -> Sequence[Json]:
        """Return those that are kept and those that are new; all are kept when none is named."""
        known = {attachment["id"]: attachment for attachment in message["attachments"]}
        named = payload.get("attachments")
        if named is None:
            named = [*message["attachments"], *({"id": index} for index in uploads)]
        kept = []
        for one in named:
            if str(one["id"]) in known:
                kept.append(known[str(one["id"])])
            elif int(one["id"]) in uploads:
                file = uploads[int(one["id"])]
                kept.append(self._store(message["channel_id"], file, one.get("description")))
            else:
                raise invalid_form(f"attachments: no file {one['id']}")
        return kept

    def _store(self, channel_id: str, file: File, description: str | None) -> Json:
        file_id = self._world.mint()
        self._world.files[file_id] = file.data
        url = f"{self._world.url}/attachments/{channel_id}/{file_id}/{file.name}"
        return {
            "id": file_id,
            "filename": file.name,
            "size": len(file.data),
            "url": url,
            "proxy_url": url,
            **({"description": description} if description else {}),
        }

    def _mentions(self, message: Json, allowed: Json | None) -> Json:
        """Return who is mentioned, by the text and by what is allowed."""
        shown = [p["content"] for p in walk(message["components"]) if p["type"] == TEXT_DISPLAY]
        text = "\n".join([message["content"], *shown])
        parse = ["users", "everyone"] if allowed is None else allowed.get("parse") or []
        named = [str(user) for user in (allowed or {}).get("users") or []]
        found = [user for user in re.findall(r"<@!?(\d+)>", text) if user in self._world.users]
        mentioned = [user for user in found if "users" in parse or user in named]
        if "referenced_message" in message and (allowed is None or allowed.get("replied_user")):
            mentioned.append(message["referenced_message"]["author"]["id"])
        return {
            "mentions": [user_json(self._world.users[user]) for user in dict.fromkeys(mentioned)],
            "mention_everyone": "everyone" in parse and bool(re.search("@(everyone|here)", text)),
        }

    def _where(self, channel: Channel) -> Json:
        guild = {"guild_id": channel.guild.id} if channel.guild else {}
        return {"channel_id": channel.id, **guild}

    def _tell(self, event: str, channel: Channel, message: Json) -> None:
        if message["flags"] & Flag.EPHEMERAL:
            return
        told = {**self._world.message_json(message), **self._where(channel)}
        author = self._world.users[message["author"]["id"]]
        if channel.guild and "webhook_id" not in message:
            member = member_json(author)
            del member["user"]
            told["member"] = member
        self._emit(event, channel, told, "MESSAGES", self.without_content(told))

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
        needs = Intent[f"GUILD_{kind}" if channel.guild else f"DIRECT_{kind}"]
        self._gateway.emit(
            event, data, guild=channel.guild, needs=needs, without_content=without_content
        )


def _resolve(value: Any, urls: Mapping[str, str]) -> Any:
    """Put the addresses of the stored files where `attachment://` names them."""
    if isinstance(value, list):
        return [_resolve(item, urls) for item in value]
    if not isinstance(value, dict):
        return value
    resolved = {key: _resolve(item, urls) for key, item in value.items()}
    url = str(value.get("url", ""))
    if url.startswith("attachment://"):
        resolved["url"] = urls[url.removeprefix("attachment://")]
    return resolved
