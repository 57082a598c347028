"""Slack's events, each handed to what knows about it. Acknowledged first, always."""

import html
import logging
from functools import partial
from typing import Any, Final

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import trace
from bot.handlers import SharedHandlers
from bot.platforms.slack import ids, present
from bot.platforms.slack.commands import Commands
from bot.platforms.slack.delivery import Delivery, Door
from bot.platforms.slack.home import Home
from bot.platforms.slack.votes import Votes
from bot.work import Work

SHORTCUT: Final = "sounds_like"
"""The message shortcut's name in the manifest."""

SPOKEN: Final = frozenset({None, "thread_broadcast", "file_share"})
"""Subtypes of messages that people write."""

_log = logging.getLogger(__name__)

Json = dict[str, Any]


class Listeners:
    """Everything that the app listens to."""

    def __init__(self, handlers: SharedHandlers, delivery: Delivery, votes: Votes) -> None:
        self.work = Work()
        self._handlers = handlers
        self._delivery = delivery
        self._votes = votes
        self._commands = Commands(handlers, delivery)
        self._home = Home(handlers)

    def listen(self, app: AsyncApp) -> None:
        """Register with the app."""
        app.event("message")(self.on_message)
        app.event("app_mention")(self.on_mention)
        app.event("link_shared")(self.on_link)
        app.event("reaction_added")(partial(self.on_reaction, added=True))
        app.event("reaction_removed")(partial(self.on_reaction, added=False))
        app.event("app_home_opened")(self.on_home)
        app.command("/genre")(self.on_command)
        app.shortcut(SHORTCUT)(self.on_shortcut)
        app.action(present.CHOOSE)(self.on_choice)
        app.action(present.AGREE)(self.on_choice)
        app.action(present.OPEN)(self.on_link_opened)
        app.action(present.MODE)(self.on_home_changed)
        app.error(on_error)

    async def on_message(
        self, event: Json, context: AsyncBoltContext, client: AsyncWebClient
    ) -> None:
        """Answer the links of a message, or let answers go with the message they were for."""
        if gone := _deleted(event):
            await self._on_deleted(event["channel"], gone, str(context.team_id), client)
        elif event.get("subtype") in SPOKEN:
            named = f"<@{context.bot_user_id}>" in event.get("text", "")
            await self._answer(event, context, client, addressed=_is_direct(event) or named)

    async def on_mention(
        self, event: Json, context: AsyncBoltContext, client: AsyncWebClient
    ) -> None:
        """Answer the links of a message that names the app."""
        await self._answer(event, context, client, addressed=True)

    async def on_link(self, event: Json, context: AsyncBoltContext, client: AsyncWebClient) -> None:
        """Answer shared links; those in a message that is still being written are nobody's."""
        if event.get("source") == "composer" or not event.get("is_bot_user_member", True):
            return
        text = "\n".join(link["url"] for link in event["links"])
        await self._answer(event | {"text": text}, context, client, addressed=False)

    async def on_reaction(
        self,
        event: Json,
        body: Json,
        context: AsyncBoltContext,
        client: AsyncWebClient,
        *,
        added: bool,
    ) -> None:
        """Take a vote or take it back; or the asker's wish that a reply goes."""
        item = event["item"]
        strange = event.get("item_user") not in (None, context.bot_user_id)
        if item["type"] != "message" or strange or event["user"] == context.bot_user_id:
            return
        with self.work.going_on():
            place = ids.place(str(context.team_id), item["channel"])
            await self._votes.react(client, place, event, str(body["event_id"]), added=added)

    async def on_command(
        self, ack: AsyncAck, command: Json, client: AsyncWebClient, respond: AsyncRespond
    ) -> None:
        """Obey /genre."""
        await ack()
        with self.work.going_on():
            await self._commands.obey(command, client, respond)

    async def on_shortcut(
        self, ack: AsyncAck, shortcut: Json, client: AsyncWebClient, respond: AsyncRespond
    ) -> None:
        """Answer for somebody's message, in its thread."""
        await ack()
        with self.work.going_on():
            await self._commands.answer_message(shortcut, client, respond)

    async def on_choice(
        self, ack: AsyncAck, body: Json, client: AsyncWebClient, respond: AsyncRespond
    ) -> None:
        """Take a choice from the menu or the button under a card."""
        await ack()
        with self.work.going_on():
            await self._votes.choose(client, body, respond)

    async def on_link_opened(self, ack: AsyncAck) -> None:
        """Acknowledge a press of a link button; the browser does the rest."""
        await ack()

    async def on_home(self, event: Json, context: AsyncBoltContext, client: AsyncWebClient) -> None:
        """Show the App Home."""
        if event.get("tab") == "home":
            with self.work.going_on():
                await self._home.show(client, str(context.team_id), event["user"])

    async def on_home_changed(
        self, ack: AsyncAck, body: Json, context: AsyncBoltContext, client: AsyncWebClient
    ) -> None:
        """Change the workspace's settings from the App Home."""
        await ack()
        with self.work.going_on():
            value = body["actions"][0]["selected_option"]["value"]
            await self._home.change(client, str(context.team_id), body["user"]["id"], value)

    async def _answer(
        self, event: Json, context: AsyncBoltContext, client: AsyncWebClient, *, addressed: bool
    ) -> None:
        if event.get("bot_id") or event.get("user") in {None, context.bot_user_id}:
            return
        with self.work.going_on():
            text = html.unescape(event.get("text", ""))
            message = ids.message(str(context.team_id), event, text)
            replies = await self._handlers.room.on_pasted(message, addressed=addressed)
            await self._delivery.deliver(Door(client, ids.thread(event)), message, replies)

    async def _on_deleted(self, channel: str, gone: str, team: str, client: AsyncWebClient) -> None:
        with self.work.going_on():
            place = ids.place(team, channel)
            async with self._delivery.turns.of(place):
                self._delivery.gone.append((place, gone))
                answers = await self._handlers.room.on_deleted(place, gone)
            for answer in answers:
                await self._delivery.delete(client, place, answer)


async def on_error(error: Exception, body: Json) -> None:
    """Log what a listener did not foresee; the chat goes on."""
    _log.error("event %s: failed: %s", body.get("event_id") or body.get("type"), trace(error))


def _deleted(event: Json) -> str | None:
    """Return the timestamp of the message that an event says is deleted."""
    if event.get("subtype") == "message_deleted":
        return str(event["deleted_ts"])
    # Of a message with answers in its thread a stone is left.
    left = event.get("message", {})
    return str(left["ts"]) if left.get("subtype") == "tombstone" else None


def _is_direct(event: Json) -> bool:
    return bool(event.get("channel_type") == "im")
