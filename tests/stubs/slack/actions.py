"""Actions of people in the fake Slack, and the events that Slack delivers for them."""

import re
from collections.abc import Sequence
from typing import Any, Final

from tests.stubs.slack import scopes
from tests.stubs.slack.delivery import Deliveries, Delivery
from tests.stubs.slack.objects import LINK_DOMAINS, Channel, Json, User, Workspace
from tests.stubs.slack.state import APP_ID, State

LINK: Final = re.compile(r"https?://[^\s<>|]+")


def is_subscribed(host: str) -> bool:
    """Return whether the app gets link_shared for links to a host."""
    return any(f".{host}".endswith(f".{domain}") for domain in LINK_DOMAINS)


class Actions:
    """Creates users and channels, and acts as the members of workspaces.

    Actions return the deliveries that they cause, in order.
    """

    def __init__(self, state: State, deliveries: Deliveries) -> None:
        self._state = state
        self._deliveries = deliveries

    def user(self, name: str, *, admin: bool = False, bot: bool = False) -> User:
        user = User(self._state.new_id("U"), name, admin, bot)
        self._state.users[user.id] = user
        return user

    def channel(
        self,
        workspace: Workspace,
        kind: str = "channel",
        *,
        creator: str = "",
        joined: bool = True,
    ) -> Channel:
        prefix = {"im": "D", "channel": "C"}.get(kind, "G")
        channel = Channel(self._state.new_id(prefix), workspace, kind, creator, joined)
        self._state.channels[channel.id] = channel
        return channel

    def target(self, workspace: Workspace, target: str) -> Channel:
        """Return the channel that the app can write to by its id or that of a user.

        The first message to a user opens a conversation. Raises ApiError for others.
        """
        if target not in self._state.users:
            return self._state.writable_channel(workspace, target)
        opened = self._state.direct
        if (workspace.id, target) not in opened:
            opened[workspace.id, target] = self.channel(workspace, "im")
        return opened[workspace.id, target]

    def write(
        self,
        channel: Channel,
        user: User,
        text: str,
        thread: str | None = None,
        files: Sequence[Json] = (),
    ) -> Json:
        """Write a message without an event; links in `text` are marked up as Slack does."""
        marked = LINK.sub(lambda match: f"<{match.group().replace('&', '&amp;')}>", text)
        shared = {"subtype": "file_share", "files": list(files)} if files else {}
        return self._state.add(channel, user=user.id, text=marked, thread_ts=thread, **shared)

    def post(
        self,
        channel: Channel,
        user: User,
        text: str,
        thread: str | None = None,
        files: Sequence[Json] = (),
    ) -> tuple[str, list[Delivery]]:
        """Write a message with all its events; return its timestamp and the deliveries."""
        message = self.write(channel, user, text, thread, files)
        deliveries = self.send_message_event(channel, message)
        if f"<@{channel.workspace.bot_user}>" in text and channel.kind != "im" and channel.joined:
            deliveries += self._event(channel, message | {"type": "app_mention"}, "app_mention")
        if links := [link for link in LINK.findall(text) if is_subscribed(link.split("/")[2])]:
            deliveries += self.share_links(channel, user, links, message)
        return str(message["ts"]), deliveries

    def share_links(
        self, channel: Channel, user: User, links: list[str], message: Json, **fields: object
    ) -> list[Delivery]:
        """Send link_shared for a message; the app need not be a member of the channel."""
        event: Json = {
            "type": "link_shared",
            "channel": channel.id,
            "is_bot_user_member": channel.joined,
            "user": user.id,
            "message_ts": message["ts"],
            "unfurl_id": f"{channel.id}.{message['ts']}",
            "source": "conversations_history",
            "links": [{"domain": link.split("/")[2], "url": link} for link in links],
            "event_ts": self._state.new_ts(),
            **fields,
        }
        if thread := message.get("thread_ts"):
            event["thread_ts"] = thread
        return self._event(channel, event, "link_shared", for_non_members=True)

    def delete(self, channel: Channel, ts: str) -> list[Delivery]:
        """Delete a message as its author or an admin."""
        return self.remove(channel, ts)

    def react(self, channel: Channel, ts: str, user: User, name: str) -> list[Delivery]:
        """Add a user's reaction to a message."""
        message = self._state.message(channel, ts)
        assert self.add_reaction(channel, message, user.id, name, notify=False)
        return self._reaction("reaction_added", channel, message, user.id, name)

    def unreact(self, channel: Channel, ts: str, user: User, name: str) -> list[Delivery]:
        """Remove a user's reaction from a message."""
        message = self._state.message(channel, ts)
        assert self.remove_reaction(channel, message, user.id, name, notify=False)
        return self._reaction("reaction_removed", channel, message, user.id, name)

    def command(self, channel: Channel, user: User, text: str) -> Delivery:
        """Run /genre with the given text."""
        assert scopes.COMMANDS in channel.workspace.scopes
        payload = self._interaction(
            channel.workspace,
            command="/genre",
            text=text,
            team_id=channel.workspace.id,
            channel_id=channel.id,
            user_id=user.id,
        )
        return self._deliveries.send("slash_commands", payload)

    def shortcut(self, channel: Channel, user: User, message: Json, name: str) -> Delivery:
        """Use a shortcut on a message."""
        assert scopes.COMMANDS in channel.workspace.scopes
        payload = self._interaction(
            channel.workspace,
            type="message_action",
            callback_id=name,
            team={"id": channel.workspace.id, "domain": "team"},
            channel={"id": channel.id, "name": "name"},
            user={"id": user.id, "team_id": channel.workspace.id},
            message=message,
            message_ts=message["ts"],
        )
        return self._deliveries.send("interactive", payload)

    def use_element(
        self, user: User, element: Json, block_id: str, container: Json, workspace: Workspace,
        **chosen: object,
    ) -> Delivery:  # fmt: skip
        """Use a button or menu in a message or in the App Home."""
        action = {
            "type": element["type"],
            "action_id": element["action_id"],
            "block_id": block_id,
            "action_ts": self._state.new_ts(),
            **chosen,
        }
        channel = container.get("channel_id")
        channel_field = {"channel": {"id": channel, "name": "name"}} if channel else {}
        payload = self._interaction(
            workspace,
            type="block_actions",
            team={"id": workspace.id, "domain": "team"},
            user={"id": user.id, "team_id": workspace.id},
            container=container,
            actions=[action],
            **channel_field,
        )
        return self._deliveries.send("interactive", payload)

    def open_home(self, workspace: Workspace, user: User, tab: str = "home") -> list[Delivery]:
        """Open a tab of the App Home."""
        event = {"type": "app_home_opened", "user": user.id, "channel": "D0", "tab": tab}
        return self._send_event(workspace, event, "app_home_opened")

    def uninstall(self, workspace: Workspace) -> list[Delivery]:
        """Remove the app from a workspace, which revokes its token."""
        workspace.revoked = True
        return self._send_event(workspace, {"type": "app_uninstalled"}, "app_uninstalled")

    def revoke(self, workspace: Workspace, **tokens: list[str]) -> list[Delivery]:
        """Revoke tokens by kind: `bot` for the app's own, `oauth` for those of users."""
        workspace.revoked = workspace.revoked or "bot" in tokens
        return self._send_event(
            workspace, {"type": "tokens_revoked", "tokens": tokens}, "tokens_revoked"
        )

    def send_message_event(self, channel: Channel, message: Json) -> list[Delivery]:
        """Send the event of a message, which may be the app's own."""
        event = {key: value for key, value in message.items() if key != "reactions"}
        return self._message(channel, event)

    def send_change_event(self, channel: Channel, message: Json) -> list[Delivery]:
        """Send the event that a message was edited or replaced by a tombstone message."""
        event = {
            "type": "message",
            "subtype": "message_changed",
            "hidden": True,
            "ts": self._state.new_ts(),
            "message": message,
            "previous_message": message.get("previous", message),
        }
        return self._message(channel, event)

    def remove(self, channel: Channel, ts: str) -> list[Delivery]:
        """Delete a message and send the event.

        Slack keeps a tombstone message if the thread has replies.
        """
        deleted = self._state.messages[channel.id, ts]
        tombstone = self._state.remove(channel, ts)
        if tombstone:
            return self.send_change_event(channel, tombstone)
        event = {
            "type": "message",
            "subtype": "message_deleted",
            "hidden": True,
            "ts": self._state.new_ts(),
            "deleted_ts": ts,
            "previous_message": deleted,
        }
        return self._message(channel, event)

    def add_reaction(
        self, channel: Channel, message: Json, user: str, name: str, *, notify: bool = True
    ) -> bool:
        """Add a reaction to a message; return False if it exists."""
        if [user, name] in message["reactions"]:
            return False
        message["reactions"].append([user, name])
        if notify:
            self._reaction("reaction_added", channel, message, user, name)
        return True

    def remove_reaction(
        self, channel: Channel, message: Json, user: str, name: str, *, notify: bool = True
    ) -> bool:
        """Remove a reaction from a message; return False if there is none."""
        if [user, name] not in message["reactions"]:
            return False
        message["reactions"].remove([user, name])
        if notify:
            self._reaction("reaction_removed", channel, message, user, name)
        return True

    def _reaction(
        self, kind: str, channel: Channel, message: Json, user: str, name: str
    ) -> list[Delivery]:
        event = {
            "type": kind,
            "user": user,
            "reaction": name,
            "item_user": message.get("user"),
            "item": {"type": "message", "channel": channel.id, "ts": message["ts"]},
            "event_ts": self._state.new_ts(),
        }
        return self._event(channel, event, kind)

    def _message(self, channel: Channel, event: Json) -> list[Delivery]:
        return self._event(channel, event, scopes.MESSAGES[channel.kind])

    def _event(
        self, channel: Channel, event: Json, name: str, *, for_non_members: bool = False
    ) -> list[Delivery]:
        if not (channel.joined or for_non_members):
            return []
        kind = {"channel_type": channel.kind} if event["type"] == "message" else {}
        channel_field = {} if "item" in event else {"channel": channel.id}
        return self._send_event(channel.workspace, {**event, **channel_field, **kind}, name)

    def _send_event(self, workspace: Workspace, event: Json, name: str) -> list[Delivery]:
        scope = scopes.EVENTS[name]
        if name not in self._state.subscribed or (scope and scope not in workspace.scopes):
            return []
        payload = {
            "token": "legacy",
            "team_id": workspace.id,
            "api_app_id": APP_ID,
            "event": event,
            "type": "event_callback",
            "event_id": self._state.new_id("Ev"),
            "event_time": 1_767_225_600,
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": workspace.id,
                    "user_id": workspace.bot_user,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
        }
        return [self._deliveries.send("events_api", payload)]

    def _interaction(self, workspace: Workspace, **fields: Any) -> Json:
        number = self._state.new_id("")
        return {
            "token": "legacy",
            "api_app_id": APP_ID,
            "trigger_id": f"{number}.{workspace.id}",
            "response_url": self._deliveries.response_url(number),
            "is_enterprise_install": "false" if "command" in fields else False,
            **fields,
        }
