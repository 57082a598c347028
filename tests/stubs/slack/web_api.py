"""Slack's Web API: the methods that the stub implements, and their errors."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.stubs.slack import block_kit, scopes
from tests.stubs.slack.actions import Actions
from tests.stubs.slack.files import Files
from tests.stubs.slack.message_rules import check_message, content
from tests.stubs.slack.objects import (
    READ_SCOPES,
    ApiError,
    Channel,
    Json,
    Violation,
    Workspace,
)
from tests.stubs.slack.state import APP_ID, APP_TOKEN, CLIENT_ID, CLIENT_SECRET, State, page

Method = Callable[[Workspace, Json], Json]


@dataclass
class Call:
    """A request to a method.

    Attributes:
        method: Name of the method.
        arguments: Its arguments.
        token: The bearer token.
        basic: Name and password of basic authentication.
        reply: The reply; None until there is one.
    """

    method: str
    arguments: Json
    token: str = ""
    basic: tuple[str, str] | None = None
    reply: Any = None


class WebApi:
    """Processes requests; raises ApiError where Slack replies with an error.

    Attributes:
        files: The methods about files.
        tickets: Tickets for websockets that have not been used.
    """

    def __init__(self, state: State, actions: Actions) -> None:
        self._state = state
        self._actions = actions
        self.files = Files(state, actions)
        self.tickets: set[str] = set()
        self._methods: dict[str, Method] = {
            "auth.test": self._auth_test,
            "chat.postMessage": self._post,
            "chat.postEphemeral": self._post_ephemeral,
            "chat.update": self._update,
            "chat.delete": self._delete,
            "chat.getPermalink": self._permalink,
            "conversations.history": self._history,
            "conversations.info": self._channel_info,
            "conversations.replies": self._replies,
            "reactions.add": self._add_reaction,
            "reactions.remove": self._remove_reaction,
            "users.info": self._user_info,
            "views.publish": self._publish,
            **self.files.methods,
        }

    def process(self, call: Call) -> Json:
        """Return the fields of the reply besides `ok`."""
        if call.method == "apps.connections.open":
            return self._open_connection(call.token)
        if call.method == "oauth.v2.access":
            return self._install(call)
        method = self._methods.get(call.method)
        if method is None:
            raise Violation("unknown_method", f"{call.method} is not implemented by the stub")
        workspace = self._state.by_token(call.token)
        required = scopes.METHODS[call.method]
        if call.method == "conversations.info":
            kind = self._state.channel(workspace, call.arguments["channel"]).kind
            required = frozenset({READ_SCOPES[kind]})
        elif required == scopes.HISTORY:
            kind = self._state.channel(workspace, call.arguments["channel"]).kind
            required = frozenset({str(scopes.EVENTS[scopes.MESSAGES[kind]])})
        if not required <= workspace.scopes:
            raise ApiError("missing_scope", f"{sorted(required)}")
        return method(workspace, call.arguments)

    def _open_connection(self, token: str) -> Json:
        if token != APP_TOKEN:
            raise ApiError("invalid_auth")
        ticket = self._state.new_id("ticket")
        self.tickets.add(ticket)
        return {"url": f"{self.files.url.replace('http', 'ws', 1)}/link?ticket={ticket}"}

    def _install(self, call: Call) -> Json:
        if call.basic != (CLIENT_ID, CLIENT_SECRET):
            raise ApiError("bad_client_secret")
        workspace = self._state.codes.pop(call.arguments.get("code", ""), None)
        if workspace is None:
            raise ApiError("invalid_code")
        workspace.revoked = False
        team = {"id": workspace.id, "name": f"Team {workspace.id}"}
        return {
            "app_id": APP_ID,
            "access_token": workspace.token,
            "token_type": "bot",
            "scope": ",".join(sorted(workspace.scopes)),
            "bot_user_id": workspace.bot_user,
            "team": None if workspace.organization else team,
            "enterprise": {"id": workspace.organization} if workspace.organization else None,
            "is_enterprise_install": workspace.organization is not None,
            "authed_user": {"id": "U0INSTALLER"},
        }

    def _auth_test(self, workspace: Workspace, _: Json) -> Json:
        return {
            "url": "https://team.slack.com/",
            "team": f"Team {workspace.id}",
            "team_id": workspace.id,
            "user": "soundslike",
            "user_id": workspace.bot_user,
            "bot_id": workspace.bot_id,
            "is_enterprise_install": workspace.organization is not None,
        }

    def _post(self, workspace: Workspace, arguments: Json) -> Json:
        channel = self._actions.target(workspace, arguments["channel"])
        check_message(arguments, workspace.lacking)
        thread = arguments.get("thread_ts")
        if thread and (channel.id, thread) not in self._state.messages:
            raise ApiError("thread_not_found")
        message = self._state.add(
            channel,
            user=workspace.bot_user,
            bot_id=workspace.bot_id,
            thread_ts=thread,
            **content(arguments, self._state.new_id),
        )
        self._actions.send_message_event(channel, message)
        return {"channel": channel.id, "ts": message["ts"], "message": message}

    def _post_ephemeral(self, workspace: Workspace, arguments: Json) -> Json:
        self._state.writable_channel(workspace, arguments["channel"])
        check_message(arguments)
        return {"message_ts": self._state.new_ts()}

    def _update(self, workspace: Workspace, arguments: Json) -> Json:
        channel, message = self._own_message(workspace, arguments, "cant_update_message")
        check_message(arguments, workspace.lacking)
        if arguments.get("parse") != "none":
            raise Violation("parse", "without parse=none, chat.update turns names into mentions")
        message |= content(arguments, self._state.new_id)
        self._actions.send_change_event(channel, message)
        return {"channel": channel.id, "ts": message["ts"]}

    def _delete(self, workspace: Workspace, arguments: Json) -> Json:
        channel, message = self._own_message(workspace, arguments, "cant_delete_message")
        self._actions.remove(channel, message["ts"])
        return {"channel": channel.id, "ts": message["ts"]}

    def _permalink(self, workspace: Workspace, arguments: Json) -> Json:
        channel = self._state.channel(workspace, arguments["channel"])
        message = self._state.message(channel, arguments["message_ts"])
        ts, thread = message["ts"], message.get("thread_ts")
        query = f"?thread_ts={thread}&cid={channel.id}" if thread else ""
        address = f"https://team.slack.com/archives/{channel.id}/p{ts.replace('.', '')}{query}"
        return {"channel": channel.id, "permalink": address}

    def _channel_info(self, workspace: Workspace, arguments: Json) -> Json:
        channel = self._state.channel(workspace, arguments["channel"])
        return {"channel": {"id": channel.id, "creator": channel.creator}}

    def _history(self, workspace: Workspace, arguments: Json) -> Json:
        channel = self._state.writable_channel(workspace, arguments["channel"])
        found = [
            message
            for (channel_id, _), message in self._state.messages.items()
            if channel_id == channel.id
            and message.get("thread_ts", message["ts"]) == message["ts"]
            and float(arguments.get("oldest") or 0) < float(message["ts"])
            and float(message["ts"]) < float(arguments.get("latest") or "inf")
        ]
        return page(found[::-1], arguments)

    def _replies(self, workspace: Workspace, arguments: Json) -> Json:
        channel = self._state.writable_channel(workspace, arguments["channel"])
        first = self._state.messages.get((channel.id, arguments["ts"]))
        if first is None:
            raise ApiError("thread_not_found")
        oldest = arguments.get("oldest", "0")
        replies = self._state.replies(channel, arguments["ts"])
        return page([first, *(reply for reply in replies if reply["ts"] > oldest)], arguments)

    def _user_info(self, _: Workspace, arguments: Json) -> Json:
        user = self._state.users.get(arguments["user"])
        if user is None:
            raise ApiError("user_not_found")
        flags = {"is_admin": user.admin, "is_owner": False, "is_primary_owner": False}
        return {"user": {"id": user.id, "name": user.name, "is_bot": user.bot, **flags}}

    def _add_reaction(self, workspace: Workspace, arguments: Json) -> Json:
        channel = self._state.writable_channel(workspace, arguments["channel"])
        message = self._state.message(channel, arguments["timestamp"])
        if not self._actions.add_reaction(channel, message, workspace.bot_user, arguments["name"]):
            raise ApiError("already_reacted")
        return {}

    def _remove_reaction(self, workspace: Workspace, arguments: Json) -> Json:
        channel = self._state.writable_channel(workspace, arguments["channel"])
        message = self._state.message(channel, arguments["timestamp"])
        if not self._actions.remove_reaction(
            channel, message, workspace.bot_user, arguments["name"]
        ):
            raise ApiError("no_reaction")
        return {}

    def _publish(self, _: Workspace, arguments: Json) -> Json:
        view = arguments["view"]
        view = json.loads(view) if isinstance(view, str) else view
        if view.get("type") != "home":
            raise Violation("invalid_arguments", "the view is not an App Home")
        if error := block_kit.find_error(view["blocks"], block_kit.MAX_HOME_BLOCKS):
            raise Violation("invalid_arguments", error)
        for image in block_kit.elements(view["blocks"], "image"):
            if "slack_file" in image:
                self.files.check_processed(image["slack_file"]["id"])
        self._state.homes[arguments["user_id"]] = view
        return {"view": view}

    def _own_message(
        self, workspace: Workspace, arguments: Json, code: str
    ) -> tuple[Channel, Json]:
        """Return a message of the app; raise ApiError with `code` for those of others."""
        channel = self._state.channel(workspace, arguments["channel"])
        message = self._state.message(channel, arguments["ts"])
        if message.get("user") != workspace.bot_user:
            raise ApiError(code)
        return channel, message
