"""State of the fake Slack: workspaces, channels, messages, files, App Homes."""

import itertools
from collections.abc import Iterator
from typing import Final

from tests.stubs.slack import scopes
from tests.stubs.slack.objects import ApiError, Channel, File, Json, User, Workspace

APP_TOKEN: Final = "xapp-1-hush-hush"  # noqa: S105 - not a real one
CLIENT_ID: Final = "11.22"
CLIENT_SECRET: Final = "hush-client"  # noqa: S105 - not a real one
SIGNING_SECRET: Final = "hush-signing"  # noqa: S105 - not a real one
APP_ID: Final = "A0APP"
PAGE_SIZE: Final = 15
"""Messages in one page of history, the limit that Slack sets for some apps."""


class State:
    """All objects.

    Attributes:
        granted: Scopes that workspaces grant.
        subscribed: Events that the app is subscribed to.
        direct: Conversations of the app with users, by team id and user id.
        messages: Messages by channel id and timestamp, oldest first.
        files: Files of the app, by id.
        shared_files: Files that people share, by id, as files.info describes them.
        contents: Contents of those, by id.
        homes: Published App Homes by user id.
        codes: OAuth codes of installations that a person has approved.
    """

    def __init__(self, granted: set[str]) -> None:
        self.granted = granted
        self.subscribed = set(scopes.EVENTS)
        self.workspaces: list[Workspace] = []
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.direct: dict[tuple[str, str], Channel] = {}
        self.messages: dict[tuple[str, str], Json] = {}
        self.files: dict[str, File] = {}
        self.shared_files: dict[str, Json] = {}
        self.contents: dict[str, bytes] = {}
        self.homes: dict[str, Json] = {}
        self.codes: dict[str, Workspace] = {}
        self._seconds = itertools.count(1_767_225_600)
        self._numbers = itertools.count(1)

    def new_ts(self) -> str:
        return f"{next(self._seconds)}.000100"

    def new_id(self, kind: str) -> str:
        return f"{kind}{next(self._numbers):08}"

    def workspace(self) -> Workspace:
        """Create a workspace that has installed the app."""
        team = self.new_id("T")
        workspace = Workspace(
            id=team,
            token=f"xoxb-hush-{team}",
            bot_user=self.new_id("U"),
            bot_id=self.new_id("B"),
            scopes=set(self.granted),
        )
        self.workspaces.append(workspace)
        return workspace

    def by_token(self, token: str) -> Workspace:
        """Return the workspace of a bot token; raise ApiError for an invalid or revoked one."""
        if not token:
            raise ApiError("not_authed")
        for workspace in self.workspaces:
            if workspace.token == token:
                if workspace.revoked:
                    raise ApiError("account_inactive")
                return workspace
        raise ApiError("invalid_auth")

    def channel(self, workspace: Workspace, channel_id: str) -> Channel:
        """Return a channel that the app of a workspace can see; raise ApiError for others."""
        found = self.channels.get(channel_id)
        hidden = found is None or (found.kind != "channel" and not found.joined)
        if found is None or hidden or found.workspace is not workspace:
            raise ApiError("channel_not_found")
        return found

    def writable_channel(self, workspace: Workspace, channel_id: str) -> Channel:
        """Return a channel to which the app can write; raise ApiError for others."""
        channel = self.channel(workspace, channel_id)
        if not channel.joined:
            raise ApiError("not_in_channel")
        if channel.archived:
            raise ApiError("is_archived")
        return channel

    def message(self, channel: Channel, ts: str) -> Json:
        """Return a message; raise ApiError if it does not exist."""
        found = self.messages.get((channel.id, ts))
        if found is None or found.get("subtype") == "tombstone":
            raise ApiError("message_not_found")
        return found

    def add(self, channel: Channel, **fields: object) -> Json:
        """Add a message with the given fields."""
        ts = self.new_ts()
        message: Json = {"type": "message", "ts": ts, "reactions": [], **fields}
        if message.get("thread_ts") is None:
            message.pop("thread_ts", None)
        self.messages[channel.id, ts] = message
        return message

    def replies(self, channel: Channel, ts: str) -> Iterator[Json]:
        """Yield the messages of a thread except its first."""
        for (channel_id, own), message in self.messages.items():
            if channel_id == channel.id and message.get("thread_ts") == ts != own:
                yield message

    def remove(self, channel: Channel, ts: str) -> Json | None:
        """Delete a message; return its tombstone message if its thread has replies."""
        message = self.messages.pop((channel.id, ts))
        if not any(self.replies(channel, ts)):
            return None
        tombstone: Json = {
            "type": "message",
            "subtype": "tombstone",
            "text": "This message was deleted.",
            "user": "USLACKBOT",
            "hidden": True,
            "ts": ts,
            "thread_ts": ts,
            "previous": message,
        }
        self.messages[channel.id, ts] = tombstone
        return tombstone


def page(messages: list[Json], arguments: Json) -> Json:
    """Return one page of messages and the cursor of the next.

    Metadata is left out unless it is asked for.
    """
    start = int(arguments.get("cursor") or 0)
    end = start + min(PAGE_SIZE, int(arguments.get("limit") or PAGE_SIZE))
    cursor = str(end) if end < len(messages) else ""
    complete = str(arguments.get("include_all_metadata", "")).lower() in {"1", "true"}
    hidden = set() if complete else {"metadata"}
    found = [{k: v for k, v in one.items() if k not in hidden} for one in messages[start:end]]
    return {"messages": found, "response_metadata": {"next_cursor": cursor}}
