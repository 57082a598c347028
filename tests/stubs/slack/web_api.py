"""Slack's Web API, as far as it is played here: each method, and what it refuses."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from tests.stubs.slack import blocks, scopes
from tests.stubs.slack.people import People
from tests.stubs.slack.state import APP_ID, APP_TOKEN, CLIENT_ID, CLIENT_SECRET, State, page
from tests.stubs.slack.values import READS, Channel, File, Json, Refusal, Violation, Workspace

LONGEST_TEXT: Final = 40_000
LONGEST_ALT: Final = 1000

Method = Callable[[Workspace, Json], Json]


@dataclass
class Call:
    """A request to a method; `token` is its bearer's, `answer` None until it was answered."""

    method: str
    arguments: Json
    token: str = ""
    basic: tuple[str, str] | None = None
    answer: Any = None


class WebApi:
    """Carries out requests, raising Refusal as Slack would."""

    def __init__(self, state: State, people: People) -> None:
        self._world = state
        self._people = people
        self.url = ""
        self.tickets: set[str] = set()
        self._bots: dict[str, Method] = {
            "auth.test": self._who,
            "chat.postMessage": self._post,
            "chat.postEphemeral": self._whisper,
            "chat.update": self._update,
            "chat.delete": self._delete,
            "chat.getPermalink": self._permalink,
            "conversations.history": self._history,
            "conversations.info": self._channel,
            "conversations.replies": self._thread,
            "files.getUploadURLExternal": self._upload_url,
            "files.completeUploadExternal": self._complete,
            "files.delete": self._delete_file,
            "reactions.add": self._react,
            "reactions.remove": self._unreact,
            "users.info": self._user,
            "views.publish": self._publish,
        }

    def carry_out(self, call: Call) -> Json:
        """Return what Slack answers, besides `ok`."""
        if call.method == "apps.connections.open":
            return self._open(call.token)
        if call.method == "oauth.v2.access":
            return self._install(call)
        method = self._bots.get(call.method)
        if method is None:
            raise Violation("unknown_method", f"{call.method} is not played here")
        workspace = self._world.by_token(call.token)
        needed = scopes.METHODS[call.method]
        if call.method == "conversations.info":
            kind = self._world.channel(workspace, call.arguments["channel"]).kind
            needed = frozenset({READS[kind]})
        elif needed == scopes.HISTORY:
            kind = self._world.channel(workspace, call.arguments["channel"]).kind
            needed = frozenset({str(scopes.EVENTS[scopes.MESSAGES[kind]])})
        if not needed <= workspace.scopes:
            raise Refusal("missing_scope", f"{sorted(needed)}")
        return method(workspace, call.arguments)

    def put(self, file_id: str, data: bytes) -> None:
        """Take the bytes of a file; raises KeyError for one that nobody announced."""
        self._world.files[file_id].data = data

    def _open(self, token: str) -> Json:
        if token != APP_TOKEN:
            raise Refusal("invalid_auth")
        ticket = self._world.new_id("ticket")
        self.tickets.add(ticket)
        return {"url": f"{self.url.replace('http', 'ws', 1)}/link?ticket={ticket}"}

    def _install(self, call: Call) -> Json:
        if call.basic != (CLIENT_ID, CLIENT_SECRET):
            raise Refusal("bad_client_secret")
        workspace = self._world.codes.pop(call.arguments.get("code", ""), None)
        if workspace is None:
            raise Refusal("invalid_code")
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

    def _who(self, workspace: Workspace, _: Json) -> Json:
        return {
            "url": "https://team.slack.com/",
            "team": f"Team {workspace.id}",
            "team_id": workspace.id,
            "user": "soundslike",
            "user_id": workspace.bot_user,
            "bot_id": workspace.bot_id,
            "is_enterprise_install": workspace.organization is not None,
        }

    def _post(self, workspace: Workspace, given: Json) -> Json:
        channel = self._written_to(workspace, given["channel"])
        check(given)
        thread = given.get("thread_ts")
        if thread and (channel.id, thread) not in self._world.messages:
            raise Refusal("thread_not_found")
        message = self._world.add(
            channel,
            user=workspace.bot_user,
            bot_id=workspace.bot_id,
            text=given.get("text", ""),
            blocks=given.get("blocks", []),
            thread_ts=thread,
        )
        self._people.told(channel, message)
        return {"channel": channel.id, "ts": message["ts"], "message": message}

    def _whisper(self, workspace: Workspace, given: Json) -> Json:
        self._written_to(workspace, given["channel"])
        check(given)
        return {"message_ts": self._world.new_ts()}

    def _update(self, workspace: Workspace, given: Json) -> Json:
        channel, message = self._own(workspace, given, "cant_update_message")
        check(given)
        if given.get("parse") != "none":
            raise Violation("parse", "chat.update makes mentions of words unless parse is none")
        message |= {"text": given.get("text", ""), "blocks": given.get("blocks", [])}
        self._people.changed(channel, message)
        return {"channel": channel.id, "ts": message["ts"]}

    def _delete(self, workspace: Workspace, given: Json) -> Json:
        channel, message = self._own(workspace, given, "cant_delete_message")
        self._people.remove(channel, message["ts"])
        return {"channel": channel.id, "ts": message["ts"]}

    def _permalink(self, workspace: Workspace, given: Json) -> Json:
        channel = self._world.channel(workspace, given["channel"])
        message = self._world.message(channel, given["message_ts"])
        ts, thread = message["ts"], message.get("thread_ts")
        query = f"?thread_ts={thread}&cid={channel.id}" if thread else ""
        address = f"https://team.slack.com/archives/{channel.id}/p{ts.replace('.', '')}{query}"
        return {"channel": channel.id, "permalink": address}

    def _channel(self, workspace: Workspace, given: Json) -> Json:
        channel = self._world.channel(workspace, given["channel"])
        return {"channel": {"id": channel.id, "creator": channel.creator}}

    def _history(self, workspace: Workspace, given: Json) -> Json:
        channel = self._written_to(workspace, given["channel"])
        found = [
            message
            for (where, _), message in self._world.messages.items()
            if where == channel.id and message.get("thread_ts", message["ts"]) == message["ts"]
        ]
        return page(found[::-1], given)

    def _thread(self, workspace: Workspace, given: Json) -> Json:
        channel = self._written_to(workspace, given["channel"])
        first = self._world.messages.get((channel.id, given["ts"]))
        if first is None:
            raise Refusal("thread_not_found")
        oldest = given.get("oldest", "0")
        replies = self._world.replies(channel, given["ts"])
        return page([first, *(reply for reply in replies if reply["ts"] > oldest)], given)

    def _user(self, _: Workspace, given: Json) -> Json:
        user = self._world.users.get(given["user"])
        if user is None:
            raise Refusal("user_not_found")
        flags = {"is_admin": user.admin, "is_owner": False, "is_primary_owner": False}
        return {"user": {"id": user.id, "name": user.name, "is_bot": user.bot, **flags}}

    def _react(self, workspace: Workspace, given: Json) -> Json:
        channel = self._written_to(workspace, given["channel"])
        message = self._world.message(channel, given["timestamp"])
        if not self._people.add_reaction(channel, message, workspace.bot_user, given["name"]):
            raise Refusal("already_reacted")
        return {}

    def _unreact(self, workspace: Workspace, given: Json) -> Json:
        channel = self._written_to(workspace, given["channel"])
        message = self._world.message(channel, given["timestamp"])
        if not self._people.drop_reaction(channel, message, workspace.bot_user, given["name"]):
            raise Refusal("no_reaction")
        return {}

    def _publish(self, _: Workspace, given: Json) -> Json:
        view = given["view"]
        view = json.loads(view) if isinstance(view, str) else view
        if view.get("type") != "home":
            raise Violation("invalid_arguments", "a view that is no home")
        if why := blocks.fault(view["blocks"], blocks.MOST_HOME_BLOCKS):
            raise Violation("invalid_arguments", why)
        self._world.homes[given["user_id"]] = view
        return {"view": view}

    def _upload_url(self, _: Workspace, given: Json) -> Json:
        alt = given.get("alt_txt", "")
        if len(alt) > LONGEST_ALT:
            raise Violation("alt_txt_too_large", f"{len(alt)} characters")
        file = File(self._world.new_id("F"), given["filename"], int(given["length"]), alt)
        self._world.files[file.id] = file
        return {"upload_url": f"{self.url}/upload/{file.id}", "file_id": file.id}

    def _complete(self, workspace: Workspace, given: Json) -> Json:
        channel = self._written_to(workspace, given["channel_id"])
        thread = given.get("thread_ts")
        if thread and (channel.id, thread) not in self._world.messages:
            raise Refusal("invalid_thread_ts")
        listed = json.loads(given["files"])
        for entry in listed:
            file = self._world.files.get(entry["id"])
            if file is None or file.data is None:
                raise Refusal("file_not_found")
            if len(file.data) != file.length:
                raise Violation("file_upload_size_mismatch", f"{len(file.data)} bytes")
            file.title = entry.get("title", "")
            message = self._world.add(
                channel,
                subtype="file_share",
                user=workspace.bot_user,
                text="",
                files=[{"id": file.id, "name": file.name}],
                thread_ts=thread,
            )
            file.shared = (channel.id, message["ts"])
            self._people.told(channel, message)
        return {"files": [{"id": entry["id"]} for entry in listed]}

    def _delete_file(self, workspace: Workspace, given: Json) -> Json:
        file = self._world.files.pop(given["file"], None)
        if file is None:
            raise Refusal("file_not_found")
        if file.shared:
            channel_id, ts = file.shared
            self._people.remove(self._world.channel(workspace, channel_id), ts)
        return {}

    def _written_to(self, workspace: Workspace, channel_id: str) -> Channel:
        channel = self._world.channel(workspace, channel_id)
        if not channel.joined:
            raise Refusal("not_in_channel")
        if channel.archived:
            raise Refusal("is_archived")
        return channel

    def _own(self, workspace: Workspace, given: Json, refusal: str) -> tuple[Channel, Json]:
        channel = self._world.channel(workspace, given["channel"])
        message = self._world.message(channel, given["ts"])
        if message.get("user") != workspace.bot_user:
            raise Refusal(refusal)
        return channel, message


def check(given: Json) -> None:
    """Raise what is wrong with the words of a message, whoever sends it and wherever to."""
    text, laid_out = given.get("text", ""), given.get("blocks") or []
    laid_out = json.loads(laid_out) if isinstance(laid_out, str) else laid_out
    if not text:
        raise Violation("no_text", "whoever sees no blocks gets nothing")
    if len(text) > LONGEST_TEXT:
        raise Violation("msg_too_long", f"{len(text)} characters")
    if why := blocks.fault(laid_out):
        raise Violation("invalid_blocks", why)
    for words in (text, *blocks.texts(laid_out, "mrkdwn")):
        if blocks.MENTION.search(words):
            raise Violation("mention", "a message that mentions somebody")
