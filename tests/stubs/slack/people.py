"""What people do on a test's Slack, and what the app is told of it."""

import re
from typing import Any, Final

from tests.stubs.slack import scopes
from tests.stubs.slack.delivery import Deliveries, Delivery
from tests.stubs.slack.state import APP_ID, State
from tests.stubs.slack.values import SPOTIFY, Channel, Json, User, Workspace

LINK: Final = re.compile(r"https?://[^\s<>|]+")


class People:
    """Acts as members do. What the app is told goes through `deliveries`.

    Each action returns the deliveries that it caused, in their order.
    """

    def __init__(self, state: State, deliveries: Deliveries) -> None:
        self._world = state
        self._deliveries = deliveries

    def user(self, name: str, *, admin: bool = False, bot: bool = False) -> User:
        made = User(self._world.new_id("U"), name, admin, bot)
        self._world.users[made.id] = made
        return made

    def channel(
        self,
        workspace: Workspace,
        kind: str = "channel",
        *,
        creator: str = "",
        joined: bool = True,
    ) -> Channel:
        prefix = {"im": "D", "channel": "C"}.get(kind, "G")
        made = Channel(self._world.new_id(prefix), workspace, kind, creator, joined)
        self._world.channels[made.id] = made
        return made

    def write(self, channel: Channel, user: User, text: str, thread: str | None = None) -> Json:
        """Write a message; `text` as Slack sends it on, but for links, which it marks."""
        marked = LINK.sub(lambda found: f"<{found.group().replace('&', '&amp;')}>", text)
        return self._world.add(channel, user=user.id, text=marked, thread_ts=thread)

    def post(
        self, channel: Channel, user: User, text: str, thread: str | None = None
    ) -> tuple[str, list[Delivery]]:
        """Write a message; the app is told of it in as many events as Slack has for it."""
        message = self.write(channel, user, text, thread)
        told = self.told(channel, message)
        if f"<@{channel.workspace.bot_user}>" in text and channel.kind != "im" and channel.joined:
            told += self._event(channel, message | {"type": "app_mention"}, "app_mention")
        if links := [link for link in LINK.findall(text) if link.split("/")[2] in SPOTIFY]:
            told += self.share(channel, user, links, message)
        return str(message["ts"]), told

    def share(
        self, channel: Channel, user: User, links: list[str], message: Json, **fields: object
    ) -> list[Delivery]:
        """Let the app know of links in a message, wherever it is."""
        event: Json = {
            "type": "link_shared",
            "channel": channel.id,
            "is_bot_user_member": channel.joined,
            "user": user.id,
            "message_ts": message["ts"],
            "unfurl_id": f"{channel.id}.{message['ts']}",
            "source": "conversations_history",
            "links": [{"domain": link.split("/")[2], "url": link} for link in links],
            "event_ts": self._world.new_ts(),
            **fields,
        }
        if thread := message.get("thread_ts"):
            event["thread_ts"] = thread
        return self._event(channel, event, "link_shared", anywhere=True)

    def delete(self, channel: Channel, ts: str) -> list[Delivery]:
        """Delete a message, as its author or an admin does."""
        return self.remove(channel, ts)

    def react(self, channel: Channel, ts: str, user: User, name: str) -> list[Delivery]:
        message = self._world.message(channel, ts)
        assert self.add_reaction(channel, message, user.id, name, tell=False)
        return self._reaction("reaction_added", channel, message, user.id, name)

    def unreact(self, channel: Channel, ts: str, user: User, name: str) -> list[Delivery]:
        message = self._world.message(channel, ts)
        assert self.drop_reaction(channel, message, user.id, name, tell=False)
        return self._reaction("reaction_removed", channel, message, user.id, name)

    def command(self, channel: Channel, user: User, text: str) -> Delivery:
        """Type /genre and some words."""
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

    def use(
        self, user: User, element: Json, block_id: str, container: Json, workspace: Workspace,
        **chosen: object,
    ) -> Delivery:  # fmt: skip
        """Press a button or choose from a menu, of a message or of the App Home."""
        action = {
            "type": element["type"],
            "action_id": element["action_id"],
            "block_id": block_id,
            "action_ts": self._world.new_ts(),
            **chosen,
        }
        channel = container.get("channel_id")
        place = {"channel": {"id": channel, "name": "name"}} if channel else {}
        payload = self._interaction(
            workspace,
            type="block_actions",
            team={"id": workspace.id, "domain": "team"},
            user={"id": user.id, "team_id": workspace.id},
            container=container,
            actions=[action],
            **place,
        )
        return self._deliveries.send("interactive", payload)

    def open_home(self, workspace: Workspace, user: User, tab: str = "home") -> list[Delivery]:
        event = {"type": "app_home_opened", "user": user.id, "channel": "D0", "tab": tab}
        return self._tell(workspace, event, "app_home_opened")

    def uninstall(self, workspace: Workspace) -> list[Delivery]:
        """Remove the app from a workspace; its token is of no use from now on."""
        workspace.revoked = True
        return self._tell(workspace, {"type": "app_uninstalled"}, "app_uninstalled")

    def revoke(self, workspace: Workspace, **tokens: list[str]) -> list[Delivery]:
        """Take tokens back: the app's own, of people, or both."""
        workspace.revoked = workspace.revoked or "bot" in tokens
        return self._tell(workspace, {"type": "tokens_revoked", "tokens": tokens}, "tokens_revoked")

    def told(self, channel: Channel, message: Json) -> list[Delivery]:
        """Let the app know of a message, its own too."""
        event = {key: value for key, value in message.items() if key != "reactions"}
        return self._message(channel, event)

    def changed(self, channel: Channel, message: Json) -> list[Delivery]:
        """Let the app know that a message was edited, or became a stone."""
        event = {
            "type": "message",
            "subtype": "message_changed",
            "hidden": True,
            "ts": self._world.new_ts(),
            "message": message,
            "previous_message": message.get("was", message),
        }
        return self._message(channel, event)

    def remove(self, channel: Channel, ts: str) -> list[Delivery]:
        """Take a message away; where its thread goes on, a stone is left."""
        gone = self._world.messages[channel.id, ts]
        stone = self._world.remove(channel, ts)
        if stone:
            return self.changed(channel, stone)
        event = {
            "type": "message",
            "subtype": "message_deleted",
            "hidden": True,
            "ts": self._world.new_ts(),
            "deleted_ts": ts,
            "previous_message": gone,
        }
        return self._message(channel, event)

    def add_reaction(
        self, channel: Channel, message: Json, user: str, name: str, *, tell: bool = True
    ) -> bool:
        """Put a reaction under a message; False if it is there."""
        if [user, name] in message["reactions"]:
            return False
        message["reactions"].append([user, name])
        if tell:
            self._reaction("reaction_added", channel, message, user, name)
        return True

    def drop_reaction(
        self, channel: Channel, message: Json, user: str, name: str, *, tell: bool = True
    ) -> bool:
        """Take a reaction away; False if there is none."""
        if [user, name] not in message["reactions"]:
            return False
        message["reactions"].remove([user, name])
        if tell:
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
            "event_ts": self._world.new_ts(),
        }
        return self._event(channel, event, kind)

    def _message(self, channel: Channel, event: Json) -> list[Delivery]:
        return self._event(channel, event, scopes.MESSAGES[channel.kind])

    def _event(
        self, channel: Channel, event: Json, name: str, *, anywhere: bool = False
    ) -> list[Delivery]:
        if not (channel.joined or anywhere):
            return []
        kind = {"channel_type": channel.kind} if event["type"] == "message" else {}
        where = {} if "item" in event else {"channel": channel.id}
        return self._tell(channel.workspace, {**event, **where, **kind}, name)

    def _tell(self, workspace: Workspace, event: Json, name: str) -> list[Delivery]:
        scope = scopes.EVENTS[name]
        if name not in self._world.subscribed or (scope and scope not in workspace.scopes):
            return []
        payload = {
            "token": "legacy",
            "team_id": workspace.id,
            "api_app_id": APP_ID,
            "event": event,
            "type": "event_callback",
            "event_id": self._world.new_id("Ev"),
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
        number = self._world.new_id("")
        return {
            "token": "legacy",
            "api_app_id": APP_ID,
            "trigger_id": f"{number}.{workspace.id}",
            "response_url": self._deliveries.response_url(number),
            "is_enterprise_install": "false" if "command" in fields else False,
            **fields,
        }
