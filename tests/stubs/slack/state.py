"""What there is on a test's Slack: workspaces, channels, messages, files, pages."""

import itertools
from collections.abc import Iterator
from typing import Final

from tests.stubs.slack import scopes
from tests.stubs.slack.values import Channel, File, Json, Refusal, User, Workspace

APP_TOKEN: Final = "xapp-1-hush-hush"  # noqa: S105 - a stub's
CLIENT_ID: Final = "11.22"
CLIENT_SECRET: Final = "hush-client"  # noqa: S105 - a stub's
SIGNING_SECRET: Final = "hush-signing"  # noqa: S105 - a stub's
APP_ID: Final = "A0APP"
PAGE: Final = 15
"""Messages given at once; Slack gives some apps no more."""


class State:
    """Everything that exists. `codes` are installations that a person has just agreed to."""

    def __init__(self, granted: set[str]) -> None:
        self.granted = granted
        self.subscribed = set(scopes.EVENTS)
        self.workspaces: list[Workspace] = []
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.messages: dict[tuple[str, str], Json] = {}
        self.files: dict[str, File] = {}
        self.homes: dict[str, Json] = {}
        self.codes: dict[str, Workspace] = {}
        self._seconds = itertools.count(1_767_225_600)
        self._numbers = itertools.count(1)

    def new_ts(self) -> str:
        return f"{next(self._seconds)}.000100"

    def new_id(self, kind: str) -> str:
        return f"{kind}{next(self._numbers):08}"

    def workspace(self) -> Workspace:
        """Make a workspace that has the app."""
        team = self.new_id("T")
        made = Workspace(
            id=team,
            token=f"xoxb-hush-{team}",
            bot_user=self.new_id("U"),
            bot_id=self.new_id("B"),
            scopes=set(self.granted),
        )
        self.workspaces.append(made)
        return made

    def by_token(self, token: str) -> Workspace:
        """Return the workspace of a bot's token; refuses others."""
        if not token:
            raise Refusal("not_authed")
        for workspace in self.workspaces:
            if workspace.token == token:
                if workspace.revoked:
                    raise Refusal("account_inactive")
                return workspace
        raise Refusal("invalid_auth")

    def channel(self, workspace: Workspace, channel_id: str) -> Channel:
        """Return a channel that a workspace's app may know of."""
        found = self.channels.get(channel_id)
        hidden = found is None or (found.kind != "channel" and not found.joined)
        if found is None or hidden or found.workspace is not workspace:
            raise Refusal("channel_not_found")
        return found

    def message(self, channel: Channel, ts: str) -> Json:
        """Return a message that is there."""
        found = self.messages.get((channel.id, ts))
        if found is None or found.get("subtype") == "tombstone":
            raise Refusal("message_not_found")
        return found

    def add(self, channel: Channel, **fields: object) -> Json:
        """Add a message."""
        ts = self.new_ts()
        message: Json = {"type": "message", "ts": ts, "reactions": [], **fields}
        if message.get("thread_ts") is None:
            message.pop("thread_ts", None)
        self.messages[channel.id, ts] = message
        return message

    def replies(self, channel: Channel, ts: str) -> Iterator[Json]:
        """Yield the messages in a thread, less the first."""
        for (where, own), message in self.messages.items():
            if where == channel.id and message.get("thread_ts") == ts != own:
                yield message

    def remove(self, channel: Channel, ts: str) -> Json | None:
        """Delete a message; returns the stone that is left where its thread goes on."""
        message = self.messages.pop((channel.id, ts))
        if not any(self.replies(channel, ts)):
            return None
        stone: Json = {
            "type": "message",
            "subtype": "tombstone",
            "text": "This message was deleted.",
            "user": "USLACKBOT",
            "hidden": True,
            "ts": ts,
            "thread_ts": ts,
            "was": message,
        }
        self.messages[channel.id, ts] = stone
        return stone


def page(found: list[Json], given: Json) -> Json:
    """Return so many of what was found as are given at once, and where the next begin."""
    start = int(given.get("cursor") or 0)
    end = start + PAGE
    cursor = str(end) if end < len(found) else ""
    return {"messages": found[start:end], "response_metadata": {"next_cursor": cursor}}
