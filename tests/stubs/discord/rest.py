"""Routes of Discord's REST API that the stub implements."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.stubs.discord import history
from tests.stubs.discord.chat import Chat
from tests.stubs.discord.interactions import Interactions
from tests.stubs.discord.objects import (
    ApiError,
    Channel,
    File,
    Intent,
    Json,
    Permission,
    Violation,
    missing_access,
    missing_permission,
    unknown,
)
from tests.stubs.discord.state import State, user_json


@dataclass(eq=False)
class Call:
    """A request and its reply.

    Attributes:
        route: The route as in Discord's OpenAPI document.
        parameters: Parameters in the path.
        payload: JSON of the body; None without a body.
        files: Uploaded files.
        status: HTTP status of the reply; 0 before it is sent.
        reply: JSON of the reply.
    """

    method: str
    route: str
    parameters: Mapping[str, str]
    query: Mapping[str, str]
    payload: Any
    files: Sequence[File]
    status: int = 0
    reply: Any = None


Handler = Callable[[Call], Any]
"""Returns the JSON of the reply; None for status 204 without a body."""

MESSAGES = "/channels/{channel_id}/messages"
MESSAGE = MESSAGES + "/{message_id}"
REACTION = MESSAGE + "/reactions/{emoji_name}"
COMMANDS = "/applications/{application_id}/commands"
CALLBACK = "/interactions/{interaction_id}/{interaction_token}/callback"
WEBHOOK = "/webhooks/{webhook_id}/{webhook_token}"
RESPONSE = WEBHOOK + "/messages/{message_id}"
ORIGINAL = WEBHOOK + "/messages/@original"

INTERACTION_ROUTES = (CALLBACK, WEBHOOK, RESPONSE, ORIGINAL)


class Rest:
    """The routes: methods that take a call, and return JSON or raise ApiError.

    Attributes:
        nonce_seconds: How long an enforced nonce keeps the bot from sending a second message.
        shards: Number of shards that `GET /gateway/bot` recommends.
        routes: The handlers by method and route.
    """

    def __init__(self, state: State, chat: Chat, interactions: Interactions) -> None:
        self._state = state
        self._chat = chat
        self._interactions = interactions
        self._nonces: dict[str, tuple[float, Json]] = {}
        self.nonce_seconds = 300.0
        self.shards = 1
        self.routes: dict[tuple[str, str], Handler] = {
            ("GET", "/users/@me"): lambda _: user_json(state.bot_user),
            ("GET", "/users/{user_id}"): self._user,
            ("POST", "/users/@me/channels"): self._direct,
            ("GET", "/oauth2/applications/@me"): lambda _: state.application_json(),
            ("GET", "/applications/@me"): lambda _: state.application_json(),
            ("GET", "/gateway"): lambda _: {"url": state.gateway_url},
            ("GET", "/gateway/bot"): self._gateway,
            ("GET", COMMANDS): lambda _: state.commands,
            ("PUT", COMMANDS): self._set_commands,
            ("GET", "/channels/{channel_id}"): lambda call: state.channel_json(self._channel(call)),
            ("POST", "/channels/{channel_id}/typing"): self._typing,
            ("POST", MESSAGES): self._write,
            ("GET", MESSAGES): self._history,
            ("GET", MESSAGE): self._read,
            ("PATCH", MESSAGE): self._edit,
            ("DELETE", MESSAGE): self._delete,
            ("PUT", REACTION + "/@me"): self._react,
            ("DELETE", REACTION + "/@me"): self._remove_own_reaction,
            ("DELETE", REACTION + "/{user_id}"): self._remove_reaction,
            ("POST", CALLBACK): self._respond,
            ("POST", WEBHOOK): self._follow_up,
            **{("GET", route): self._read_response for route in (RESPONSE, ORIGINAL)},
            **{("PATCH", route): self._edit_response for route in (RESPONSE, ORIGINAL)},
            **{("DELETE", route): self._delete_response for route in (RESPONSE, ORIGINAL)},
        }
        # Routes with fewer parameters first, so that `@me` and `@original` are matched literally.
        self._patterns = [
            (re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", route)), route)
            for route in sorted({route for _, route in self.routes}, key=lambda r: r.count("{"))
        ]

    def find_route(self, path: str) -> tuple[str, Mapping[str, str]] | None:
        """Return the route of a path and its parameters; None if the stub lacks it."""
        for pattern, route in self._patterns:
            if found := pattern.fullmatch(path):
                return route, found.groupdict()
        return None

    def process(self, call: Call, authorization: str | None) -> Any:
        is_authorized = call.route in INTERACTION_ROUTES  # by the token in the path
        if not is_authorized and authorization != f"Bot {self._state.token}":
            raise ApiError(401, 0, "401: Unauthorized")
        handler = self.routes.get((call.method, call.route))
        if handler is None:
            raise Violation(405, 0, "405: Method Not Allowed")
        return handler(call)

    def _user(self, call: Call) -> Json:
        user = self._state.users.get(call.parameters["user_id"])
        if user is None:
            raise unknown("User")
        return user_json(user)

    def _direct(self, call: Call) -> Json:
        user = self._state.users.get(str(call.payload["recipient_id"]))
        if user is None:
            raise unknown("User")
        return self._state.channel_json(self._state.direct_messages(user))

    def _gateway(self, _: Call) -> Json:
        limit = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
        url = self._state.gateway_url
        return {"url": url, "shards": self.shards, "session_start_limit": limit}

    def _set_commands(self, call: Call) -> Sequence[Json]:
        state = self._state
        ids = {(command["name"], command["type"]): command["id"] for command in state.commands}
        state.commands = [
            {
                "description": "",
                "type": 1,
                **command,
                "default_member_permissions": _text(command.get("default_member_permissions")),
                "id": ids.get((command["name"], command.get("type", 1))) or state.new_id(),
                "application_id": state.application_id,
                "version": state.new_id(),
            }
            for command in call.payload
        ]
        return state.commands

    def _channel(self, call: Call, *required: Permission) -> Channel:
        channel = self._state.channel(call.parameters["channel_id"])
        if Permission.VIEW_CHANNEL not in channel.allowed:
            raise missing_access()
        if any(permission not in channel.allowed for permission in required):
            raise missing_permission()
        return channel

    def _message(self, call: Call, *required: Permission) -> Json:
        channel = self._channel(call, *required)
        return self._state.message(channel.id, call.parameters["message_id"])

    def _typing(self, call: Call) -> None:
        self._channel(call, Permission.SEND_MESSAGES)

    def _write(self, call: Call) -> Json:
        channel = self._channel(call, Permission.SEND_MESSAGES)
        if call.files and Permission.ATTACH_FILES not in channel.allowed:
            raise missing_permission()
        is_reply = call.payload.get("message_reference")
        if is_reply and Permission.READ_MESSAGE_HISTORY not in channel.allowed:
            raise ApiError(400, 160002, "Cannot reply without permission to read message history")
        nonce = call.payload.get("nonce")
        message = self._sent_with(str(nonce)) if call.payload.get("enforce_nonce") else None
        if message is None:
            message = self._chat.write(channel, self._state.bot_user, call.payload, call.files)
        if nonce is None:
            return self._state.message_json(message)
        self._nonces.setdefault(str(nonce), (self._state.clock(), message))
        return {**self._state.message_json(message), "nonce": nonce}

    def _sent_with(self, nonce: str) -> Json | None:
        """Return the bot's message of the last `nonce_seconds` with a nonce, in any channel."""
        oldest = self._state.clock() - self.nonce_seconds
        self._nonces = {key: sent for key, sent in self._nonces.items() if sent[0] >= oldest}
        found = self._nonces.get(nonce)
        return found[1] if found else None

    def _history(self, call: Call) -> Sequence[Json]:
        channel = self._channel(call)
        if Permission.READ_MESSAGE_HISTORY not in channel.allowed:
            return []
        found = history.page(self._state, channel, **call.query)
        if Intent.MESSAGE_CONTENT in self._state.granted:
            return found
        return [self._chat.without_content(message) for message in found]

    def _read(self, call: Call) -> Json:
        message = self._state.message_json(self._message(call, Permission.READ_MESSAGE_HISTORY))
        granted = Intent.MESSAGE_CONTENT in self._state.granted
        return message if granted else self._chat.without_content(message)

    def _edit(self, call: Call) -> Json:
        message = self._message(call)
        if message["author"]["id"] != self._state.bot_user.id:
            raise ApiError(403, 50005, "Cannot edit a message authored by another user")
        if call.files and Permission.ATTACH_FILES not in self._channel(call).allowed:
            raise missing_permission()
        return self._state.message_json(self._chat.edit(message, call.payload, call.files))

    def _delete(self, call: Call) -> None:
        message = self._message(call)
        if message["author"]["id"] != self._state.bot_user.id:
            self._channel(call, Permission.MANAGE_MESSAGES)
        self._chat.delete(message)

    def _react(self, call: Call) -> None:
        message = self._message(call, Permission.READ_MESSAGE_HISTORY)
        emoji = call.parameters["emoji_name"]
        if emoji not in self._state.reactions.get(message["id"], {}):
            self._channel(call, Permission.ADD_REACTIONS)
        self._chat.react(message, self._state.bot_user, emoji, added=True)

    def _remove_own_reaction(self, call: Call) -> None:
        emoji = call.parameters["emoji_name"]
        self._chat.react(self._message(call), self._state.bot_user, emoji, added=False)

    def _remove_reaction(self, call: Call) -> None:
        message = self._message(call, Permission.MANAGE_MESSAGES)
        user = self._state.users[call.parameters["user_id"]]
        self._chat.react(message, user, call.parameters["emoji_name"], added=False)

    def _respond(self, call: Call) -> Json | None:
        interaction_id = call.parameters["interaction_id"]
        token = call.parameters["interaction_token"]
        reply = self._interactions.respond(interaction_id, token, call.payload, call.files)
        return reply if call.query.get("with_response") in {"1", "true"} else None

    def _follow_up(self, call: Call) -> Json:
        token = call.parameters["webhook_token"]
        message = self._interactions.follow_up(token, call.payload, call.files)
        return self._state.message_json(message)

    def _find(self, call: Call) -> Json:
        message_id = call.parameters.get("message_id", "@original")
        return self._interactions.find(call.parameters["webhook_token"], message_id)

    def _read_response(self, call: Call) -> Json:
        return self._state.message_json(self._find(call))

    def _edit_response(self, call: Call) -> Json:
        message = self._chat.edit(self._find(call), call.payload, call.files)
        return self._state.message_json(message)

    def _delete_response(self, call: Call) -> None:
        self._chat.delete(self._find(call))


def _text(number: int | None) -> str | None:
    return None if number is None else str(number)
