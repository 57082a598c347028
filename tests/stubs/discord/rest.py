"""The REST routes that a bot of this kind may ask, and what Discord refuses on them."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.stubs.discord.chat import Chat
from tests.stubs.discord.interactions import Interactions
from tests.stubs.discord.state import State, user_json
from tests.stubs.discord.values import (
    Channel,
    File,
    Intent,
    Json,
    Permission,
    Refusal,
    Violation,
    missing_access,
    missing_permission,
    unknown,
)


@dataclass(eq=False)
class Call:
    """A request as it was understood, and how it was answered.

    `route` is spelt as in Discord's OpenAPI document, `payload` is the JSON of the body (None: no
    body), `files` are those that came with it. `status` is 0 until it is answered.
    """

    method: str
    route: str
    parameters: Mapping[str, str]
    query: Mapping[str, str]
    payload: Any
    files: Sequence[File]
    status: int = 0
    answer: Any = None


Handler = Callable[[Call], Any]
"""Returns the JSON of the answer; None is 204, without a body."""

MESSAGES = "/channels/{channel_id}/messages"
MESSAGE = MESSAGES + "/{message_id}"
REACTION = MESSAGE + "/reactions/{emoji_name}"
COMMANDS = "/applications/{application_id}/commands"
CALLBACK = "/interactions/{interaction_id}/{interaction_token}/callback"
WEBHOOK = "/webhooks/{webhook_id}/{webhook_token}"
ANSWER = WEBHOOK + "/messages/{message_id}"
ORIGINAL = WEBHOOK + "/messages/@original"

WITH_A_TOKEN_OF_THEIR_OWN = (CALLBACK, WEBHOOK, ANSWER, ORIGINAL)


class Rest:
    """The routes, each a method that takes a call and returns JSON, or refuses."""

    def __init__(self, state: State, chat: Chat, interactions: Interactions) -> None:
        self._world = state
        self._chat = chat
        self._interactions = interactions
        self._nonces: dict[tuple[str, str], Json] = {}
        self.shards = 1
        """What `GET /gateway/bot` recommends."""
        self.routes: dict[tuple[str, str], Handler] = {
            ("GET", "/users/@me"): lambda _: user_json(state.me),
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
            ("GET", MESSAGE): self._read,
            ("PATCH", MESSAGE): self._edit,
            ("DELETE", MESSAGE): self._delete,
            ("PUT", REACTION + "/@me"): self._react,
            ("DELETE", REACTION + "/@me"): self._take_back,
            ("DELETE", REACTION + "/{user_id}"): self._remove_reaction,
            ("POST", CALLBACK): self._answer,
            ("POST", WEBHOOK): self._follow_up,
            **{("GET", route): self._read_answer for route in (ANSWER, ORIGINAL)},
            **{("PATCH", route): self._edit_answer for route in (ANSWER, ORIGINAL)},
            **{("DELETE", route): self._delete_answer for route in (ANSWER, ORIGINAL)},
        }
        # The most specific first: `@me` and `@original` before a parameter.
        self._patterns = [
            (re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", route)), route)
            for route in sorted({route for _, route in self.routes}, key=lambda r: r.count("{"))
        ]

    def match(self, path: str) -> tuple[str, Mapping[str, str]] | None:
        """Return the route of a path and its parameters; None when it is not played."""
        for pattern, route in self._patterns:
            if found := pattern.fullmatch(path):
                return route, found.groupdict()
        return None

    def carry_out(self, call: Call, authorization: str | None) -> Any:
        own_token = call.route in WITH_A_TOKEN_OF_THEIR_OWN
        if not own_token and authorization != f"Bot {self._world.token}":
            raise Refusal(401, 0, "401: Unauthorized")
        handler = self.routes.get((call.method, call.route))
        if handler is None:
            raise Violation(405, 0, "405: Method Not Allowed")
        return handler(call)

    def _user(self, call: Call) -> Json:
        user = self._world.users.get(call.parameters["user_id"])
        if user is None:
            raise unknown("User")
        return user_json(user)

    def _direct(self, call: Call) -> Json:
        user = self._world.users.get(str(call.payload["recipient_id"]))
        if user is None:
            raise unknown("User")
        return self._world.channel_json(self._world.direct(user))

    def _gateway(self, _: Call) -> Json:
        limit = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
        url = self._world.gateway_url
        return {"url": url, "shards": self.shards, "session_start_limit": limit}

    def _set_commands(self, call: Call) -> Sequence[Json]:
        state = self._world
        ids = {(known["name"], known["type"]): known["id"] for known in state.commands}
        state.commands = [
            {
                "description": "",
                "type": 1,
                **command,
                "default_member_permissions": _text(command.get("default_member_permissions")),
                "id": ids.get((command["name"], command.get("type", 1))) or state.mint(),
                "application_id": state.application_id,
                "version": state.mint(),
            }
            for command in call.payload
        ]
        return state.commands

    def _channel(self, call: Call, *needed: Permission) -> Channel:
        channel = self._world.channel(call.parameters["channel_id"])
        if Permission.VIEW_CHANNEL not in channel.allowed:
            raise missing_access()
        if any(permission not in channel.allowed for permission in needed):
            raise missing_permission()
        return channel

    def _message(self, call: Call, *needed: Permission) -> Json:
        channel = self._channel(call, *needed)
        return self._world.message(channel.id, call.parameters["message_id"])

    def _typing(self, call: Call) -> None:
        self._channel(call, Permission.SEND_MESSAGES)

    def _write(self, call: Call) -> Json:
        channel = self._channel(call, Permission.SEND_MESSAGES)
        if call.files and Permission.ATTACH_FILES not in channel.allowed:
            raise missing_permission()
        replying = call.payload.get("message_reference")
        if replying and Permission.READ_MESSAGE_HISTORY not in channel.allowed:
            raise Refusal(400, 160002, "Cannot reply without permission to read message history")
        nonce = (channel.id, str(call.payload.get("nonce")))
        message = self._nonces.get(nonce) if call.payload.get("enforce_nonce") else None
        if message is None:
            message = self._chat.write(channel, self._world.me, call.payload, call.files)
            self._nonces[nonce] = message
        return self._world.message_json(message)

    def _read(self, call: Call) -> Json:
        message = self._world.message_json(self._message(call, Permission.READ_MESSAGE_HISTORY))
        granted = Intent.MESSAGE_CONTENT in self._world.granted
        return message if granted else self._chat.without_content(message)

    def _edit(self, call: Call) -> Json:
        message = self._message(call)
        if message["author"]["id"] != self._world.me.id:
            raise Refusal(403, 50005, "Cannot edit a message authored by another user")
        if call.files and Permission.ATTACH_FILES not in self._channel(call).allowed:
            raise missing_permission()
        return self._world.message_json(self._chat.edit(message, call.payload, call.files))

    def _delete(self, call: Call) -> None:
        message = self._message(call)
        if message["author"]["id"] != self._world.me.id:
            self._channel(call, Permission.MANAGE_MESSAGES)
        self._chat.delete(message)

    def _react(self, call: Call) -> None:
        message = self._message(call, Permission.READ_MESSAGE_HISTORY)
        emoji = call.parameters["emoji_name"]
        if emoji not in self._world.reactions.get(message["id"], {}):
            self._channel(call, Permission.ADD_REACTIONS)
        self._chat.react(message, self._world.me, emoji, added=True)

    def _take_back(self, call: Call) -> None:
        emoji = call.parameters["emoji_name"]
        self._chat.react(self._message(call), self._world.me, emoji, added=False)

    def _remove_reaction(self, call: Call) -> None:
        message = self._message(call, Permission.MANAGE_MESSAGES)
        user = self._world.users[call.parameters["user_id"]]
        self._chat.react(message, user, call.parameters["emoji_name"], added=False)

    def _answer(self, call: Call) -> Json | None:
        interaction_id = call.parameters["interaction_id"]
        token = call.parameters["interaction_token"]
        receipt = self._interactions.first(interaction_id, token, call.payload, call.files)
        return receipt if call.query.get("with_response") in {"1", "true"} else None

    def _follow_up(self, call: Call) -> Json:
        token = call.parameters["webhook_token"]
        message = self._interactions.follow_up(token, call.payload, call.files)
        return self._world.message_json(message)

    def _find(self, call: Call) -> Json:
        message_id = call.parameters.get("message_id", "@original")
        return self._interactions.find(call.parameters["webhook_token"], message_id)

    def _read_answer(self, call: Call) -> Json:
        return self._world.message_json(self._find(call))

    def _edit_answer(self, call: Call) -> Json:
        message = self._chat.edit(self._find(call), call.payload, call.files)
        return self._world.message_json(message)

    def _delete_answer(self, call: Call) -> None:
        self._chat.delete(self._find(call))


def _text(number: int | None) -> str | None:
    return None if number is None else str(number)
