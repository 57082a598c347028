"""Slack's events, each handed to what knows about it. Acknowledged first, always."""

import asyncio
import html
import logging
from collections.abc import Awaitable, Callable, Coroutine
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot import texts
from bot.concurrency.task_tracker import TaskTracker
from bot.domain import links
from bot.domain.errors import trace
from bot.platforms.slack import ids, present
from bot.platforms.slack.app_home import AppHome
from bot.platforms.slack.bot_users import BotUsers
from bot.platforms.slack.commands import Commands
from bot.platforms.slack.delivery import Delivery
from bot.platforms.slack.posting import ReplyTarget
from bot.platforms.slack.response_url import tell, through
from bot.platforms.slack.votes import Votes
from bot.services.handlers import SharedHandlers

SHORTCUT: Final = "sounds_like"
"""The message shortcut's name in the manifest."""

SPOKEN: Final = frozenset({None, "thread_broadcast", "file_share", "me_message"})
"""Subtypes of messages that people write."""

_log = logging.getLogger(__name__)

Json = dict[str, Any]
P = ParamSpec("P")


def _at_work(
    listener: Callable[Concatenate["Listeners", P], Awaitable[None]],
) -> Callable[Concatenate["Listeners", P], Coroutine[Any, Any, None]]:
    """Let a listener be waited for when the bot stops."""

    @wraps(listener)
    async def at_work(self: "Listeners", /, *args: P.args, **kwargs: P.kwargs) -> None:
        with self.work.going_on():
            await listener(self, *args, **kwargs)

    return at_work


class Listeners:
    """Everything that the app listens to.

    Of a message that is told as `message` and as `link_shared`, the first holds all its words and
    who wrote it: the second steps back for `step_back` seconds.
    """

    def __init__(
        self, handlers: SharedHandlers, delivery: Delivery, votes: Votes, step_back: float
    ) -> None:
        self.work = TaskTracker()
        self._step_back = step_back
        self._bots = BotUsers()
        self._handlers = handlers
        self._delivery = delivery
        self._votes = votes
        self._commands = Commands(handlers, delivery)
        self._home = AppHome(handlers)

    def listen(self, app: AsyncApp) -> None:
        """Register with the app."""
        app.event("message")(self.on_message)
        app.event("app_mention")(self.on_mention)
        app.event("link_shared")(self.on_link)
        app.event("reaction_added")(self.on_reaction)
        app.event("reaction_removed")(self.on_reaction)
        app.event("app_home_opened")(self.on_home)
        app.command("/genre")(self.on_command)
        app.shortcut(SHORTCUT)(self.on_shortcut)
        app.action(present.CHOOSE)(self.on_choice)
        app.action(present.AGREE)(self.on_choice)
        app.action(present.OPEN)(self.on_link_opened)
        app.action(present.MODE)(self.on_home_changed)
        app.error(on_error)

    @_at_work
    async def on_message(
        self, event: Json, context: AsyncBoltContext, client: AsyncWebClient
    ) -> None:
        """Answer the links of a message, or let answers go with the message they were for."""
        if gone := _deleted(event):
            place = ids.place(str(context.team_id), event["channel"])
            await self._delivery.forget(client, place, gone)
        elif _is_bots(event):
            await self._pass_over(event, context)
        elif event.get("subtype") in SPOKEN:
            named = f"<@{context.bot_user_id}>" in event.get("text", "")
            await self._answer(event, context, client, addressed=_is_direct(event) or named)

    @_at_work
    async def on_mention(
        self, event: Json, context: AsyncBoltContext, client: AsyncWebClient
    ) -> None:
        """Answer the links of a message that names the app."""
        await self._answer(event, context, client, addressed=True)

    @_at_work
    async def on_link(self, event: Json, context: AsyncBoltContext, client: AsyncWebClient) -> None:
        """Answer shared links; those in a message that is still being written are nobody's."""
        if event.get("source") == "composer" or not event.get("is_bot_user_member", True):
            return
        await asyncio.sleep(self._step_back)
        if await self._bots.include(client, str(context.team_id), event["user"]):
            return
        text = "\n".join(link["url"] for link in event["links"])
        await self._answer(event | {"text": text}, context, client, addressed=False)

    @_at_work
    async def on_reaction(
        self, event: Json, body: Json, context: AsyncBoltContext, client: AsyncWebClient
    ) -> None:
        """Take a vote or take it back; or the asker's wish that a reply goes."""
        item = event["item"]
        strange = event.get("item_user") not in (None, context.bot_user_id)
        if item["type"] != "message" or strange or event["user"] == context.bot_user_id:
            return
        place = ids.place(str(context.team_id), item["channel"])
        added = event["type"] == "reaction_added"
        await self._votes.react(client, place, event, str(body["event_id"]), added=added)

    @_at_work
    async def on_command(self, ack: AsyncAck, command: Json, client: AsyncWebClient) -> None:
        """Obey /genre."""
        await ack()
        await self._commands.obey(command, client)

    @_at_work
    async def on_shortcut(self, ack: AsyncAck, shortcut: Json, client: AsyncWebClient) -> None:
        """Answer for somebody's message, in its thread."""
        await ack()
        await self._commands.answer_message(shortcut, client)

    @_at_work
    async def on_choice(self, ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        """Take a choice from the menu or the button under a card."""
        await ack()
        await self._votes.choose(client, body)

    async def on_link_opened(self, ack: AsyncAck) -> None:
        """Acknowledge a press of a link button; the browser does the rest."""
        await ack()

    @_at_work
    async def on_home(self, event: Json, context: AsyncBoltContext, client: AsyncWebClient) -> None:
        """Show the App Home."""
        if event.get("tab") == "home":
            await self._home.show(client, str(context.team_id), event["user"])

    @_at_work
    async def on_home_changed(
        self, ack: AsyncAck, body: Json, context: AsyncBoltContext, client: AsyncWebClient
    ) -> None:
        """Change the workspace's settings from the App Home."""
        await ack()
        value = body["actions"][0]["selected_option"]["value"]
        await self._home.change(client, str(context.team_id), body["user"]["id"], value)

    async def _answer(
        self, event: Json, context: AsyncBoltContext, client: AsyncWebClient, *, addressed: bool
    ) -> None:
        if _is_bots(event) or event.get("user") in {None, context.bot_user_id}:
            return
        text = html.unescape(event.get("text", ""))
        message = ids.message(str(context.team_id), event, text)
        replies = await self._handlers.room.on_pasted(message, addressed=addressed)
        await self._delivery.deliver(ReplyTarget(client, ids.thread(event)), message, replies)

    async def _pass_over(self, event: Json, context: AsyncBoltContext) -> None:
        """Leave another app's message without an answer, also when its links are told of."""
        ours = event.get("user") == context.bot_user_id
        if not ours and any(name in str(event).lower() for name in links.MENTIONED):
            place = ids.place(str(context.team_id), event["channel"])
            await self._handlers.room.first_time(place, event["ts"])


async def on_error(error: Exception, body: Json) -> None:
    """Log what a listener did not foresee, and tell whoever asked; the chat goes on."""
    _log.error("event %s: failed: %s", body.get("event_id") or body.get("type"), trace(error))
    if url := body.get("response_url"):
        await tell(through(url), texts.TRY_AGAIN)


def _deleted(event: Json) -> str | None:
    """Return the timestamp of the message that an event says is deleted."""
    if event.get("subtype") == "message_deleted":
        return str(event["deleted_ts"])
    # Of a message with answers in its thread a stone is left.
    left = event.get("message", {})
    return str(left["ts"]) if left.get("subtype") == "tombstone" else None


def _is_bots(event: Json) -> bool:
    """Say whether an app wrote a message, this one or another."""
    return bool(event.get("bot_id")) or event.get("subtype") == "bot_message"


def _is_direct(event: Json) -> bool:
    return bool(event.get("channel_type") == "im")
