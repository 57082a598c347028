"""Edits of messages, previews that Slack adds, and invitations of the app."""

from tests.stubs.slack.actions import LINK, Actions, is_subscribed
from tests.stubs.slack.delivery import Delivery
from tests.stubs.slack.objects import Channel, Json, User


class MoreActions(Actions):
    """Also edits messages and invites the app."""

    def edit(self, channel: Channel, ts: str, text: str) -> list[Delivery]:
        """Edit a message as its author, with all events that Slack sends.

        An edited mention of the app is an `app_mention` again, and a new link is shared.
        """
        message = self._state.messages[channel.id, ts]
        before = dict(message)
        marked = LINK.sub(lambda match: f"<{match.group().replace('&', '&amp;')}>", text)
        edited = {"user": message["user"], "ts": self._state.new_ts()}
        message |= {"text": marked, "edited": edited}
        deliveries = self.send_changes(channel, message, before)
        if f"<@{channel.workspace.bot_user}>" in text and channel.kind != "im":
            event = message | {"type": "app_mention"}
            deliveries += self._event(channel, event, "app_mention")
        found = [link for link in LINK.findall(text) if link not in LINK.findall(before["text"])]
        if new := [link for link in found if is_subscribed(link.split("/")[2])]:
            user = self._state.users[message["user"]]
            deliveries += self.share_links(channel, user, new, message)
        return deliveries

    def add_preview(self, channel: Channel, ts: str, url: str) -> list[Delivery]:
        """Let Slack add the preview of a link to a message."""
        message = self._state.messages[channel.id, ts]
        before = dict(message)
        message |= {"attachments": [{"from_url": url, "title": "a page"}]}
        return self.send_changes(channel, message, before)

    def send_changes(self, channel: Channel, message: Json, before: Json) -> list[Delivery]:
        """Send the event that a message was changed, with what it was before."""
        return self.send_change_event(channel, message | {"previous": before})

    def invite_app(self, channel: Channel, inviter: User | None) -> list[Delivery]:
        """Add the app to a channel."""
        channel.joined = True
        invited = {"inviter": inviter.id} if inviter else {}
        return self._join(channel, channel.workspace.bot_user, **invited)

    def join(self, channel: Channel, user: User) -> list[Delivery]:
        """Join a channel of which the app is a member."""
        return self._join(channel, user.id)

    def _join(self, channel: Channel, user: str, **fields: str) -> list[Delivery]:
        event = {
            "type": "member_joined_channel",
            "user": user,
            "channel_type": channel.kind[0].upper(),
            "team": channel.workspace.id,
            "event_ts": self._state.new_ts(),
            **fields,
        }
        return self._event(channel, event, "member_joined_channel")
