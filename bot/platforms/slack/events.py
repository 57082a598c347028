"""Slack's events, commands and actions, each passed to the class that handles it."""

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
from bot.domain.errors import stack_of
from bot.platforms.slack import ids, present
from bot.platforms.slack.acknowledgement import acknowledge_first
from bot.platforms.slack.app_home import AppHome
from bot.platforms.slack.bot_users import BotUsers
from bot.platforms.slack.commands import Commands
from bot.platforms.slack.delivery import Delivery
from bot.platforms.slack.posting import ReplyTarget
from bot.platforms.slack.response_url import respond_to, send_ephemeral
from bot.platforms.slack.votes import Votes
from bot.services.services import Services

SHORTCUT: Final = "sounds_like"
"""The message shortcut's callback id in the manifest."""

USER_SUBTYPES: Final = frozenset({None, "thread_broadcast", "file_share", "me_message"})
"""Subtypes of messages that people write."""

_log = logging.getLogger(__name__)

Json = dict[str, Any]
P = ParamSpec("P")


def _tracked(
    listener: Callable[Concatenate["Listeners", P], Awaitable[None]],
) -> Callable[Concatenate["Listeners", P], Coroutine[Any, Any, None]]:
    """Track a listener, so that the platform waits for it when it stops."""

    @wraps(listener)
    async def tracked(self: "Listeners", /, *args: P.args, **kwargs: P.kwargs) -> None:
        with self.tasks.track_block():
            await listener(self, *args, **kwargs)

    return tracked


class Listeners:
    """All listeners of the app.

    A message with a link may arrive as `message` and as `link_shared`. Only the first has the whole
    text and the author, so the second is handled `link_delay` seconds later.
    """

    def __init__(
        self, services: Services, delivery: Delivery, votes: Votes, link_delay: float
    ) -> None:
        self.tasks = TaskTracker()
        self._link_delay = link_delay
        self._bot_users = BotUsers()
        self._deduplicator = services.deduplicator
        self._group_chat = services.group_chat
        self._delivery = delivery
        self._votes = votes
        self._commands = Commands(
            group_chat=services.group_chat,
            settings=services.settings,
            voting=services.voting,
            delivery=delivery,
        )
        self._home = AppHome(services.cards, services.settings, services.statistics)

    def register(self, app: AsyncApp) -> None:
        """Register the listeners with the app."""
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

    @_tracked
    async def on_message(
        self, event: Json, context: AsyncBoltContext, client: AsyncWebClient
    ) -> None:
        """Answer the links of a message, or delete the answers to a deleted message."""
        if deleted := _deleted(event):
            place = ids.place(str(context.team_id), event["channel"])
            await self._delivery.on_deleted(client, place, deleted)
        elif _is_from_app(event):
            await self._ignore(event, context)
        elif event.get("subtype") in USER_SUBTYPES:
            mentioned = f"<@{context.bot_user_id}>" in event.get("text", "")
            await self._answer(event, context, client, addressed=_is_direct(event) or mentioned)

    @_tracked
    async def on_mention(
        self, event: Json, context: AsyncBoltContext, client: AsyncWebClient
    ) -> None:
        """Answer the links of a message that mentions the app."""
        await self._answer(event, context, client, addressed=True)

    @_tracked
    async def on_link(self, event: Json, context: AsyncBoltContext, client: AsyncWebClient) -> None:
        """Answer shared links; ignore links in unsent drafts."""
        if event.get("source") == "composer" or not event.get("is_bot_user_member", True):
            return
        await asyncio.sleep(self._link_delay)
        if await self._bot_users.include(client, str(context.team_id), event["user"]):
            return
        text = "\n".join(link["url"] for link in event["links"])
        await self._answer(event | {"text": text}, context, client, addressed=False)

    @_tracked
    async def on_reaction(
        self, event: Json, body: Json, context: AsyncBoltContext, client: AsyncWebClient
    ) -> None:
        """Record a vote or its withdrawal, or delete a reply for the person who asked."""
        item = event["item"]
        on_other = event.get("item_user") not in (None, context.bot_user_id)
        if item["type"] != "message" or on_other or event["user"] == context.bot_user_id:
            return
        place = ids.place(str(context.team_id), item["channel"])
        added = event["type"] == "reaction_added"
        await self._votes.react(client, place, event, str(body["event_id"]), added=added)

    @_tracked
    @acknowledge_first
    async def on_command(self, body: Json, client: AsyncWebClient, _: AsyncBoltContext) -> None:
        """Run /genre."""
        await self._commands.run(body, client)

    @_tracked
    @acknowledge_first
    async def on_shortcut(self, body: Json, client: AsyncWebClient, _: AsyncBoltContext) -> None:
        """Answer a person's message in its thread."""
        await self._commands.answer_message(body, client)

    @_tracked
    @acknowledge_first
    async def on_choice(self, body: Json, client: AsyncWebClient, _: AsyncBoltContext) -> None:
        """Record a choice in the menu or a press of the button under a card."""
        await self._votes.choose(client, body)

    async def on_link_opened(self, ack: AsyncAck) -> None:
        """Acknowledge a press of a link button; the browser opens the link."""
        await ack()

    @_tracked
    async def on_home(self, event: Json, context: AsyncBoltContext, client: AsyncWebClient) -> None:
        """Publish the App Home."""
        if event.get("tab") == "home":
            await self._home.publish(client, str(context.team_id), event["user"])

    @_tracked
    @acknowledge_first
    async def on_home_changed(
        self, body: Json, client: AsyncWebClient, context: AsyncBoltContext
    ) -> None:
        """Change the workspace's settings from the App Home."""
        value = body["actions"][0]["selected_option"]["value"]
        team, user = str(context.team_id), body["user"]["id"]
        await self._home.change_mode(client, team, user, value)

    async def _answer(
        self, event: Json, context: AsyncBoltContext, client: AsyncWebClient, *, addressed: bool
    ) -> None:
        if _is_from_app(event) or event.get("user") in {None, context.bot_user_id}:
            return
        text = html.unescape(event.get("text", ""))
        message = ids.message(str(context.team_id), event, text)
        replies = await self._group_chat.on_message(message, addressed=addressed)
        await self._delivery.deliver(ReplyTarget(client, ids.thread(event)), message, replies)

    async def _ignore(self, event: Json, context: AsyncBoltContext) -> None:
        """Mark another app's message as handled, so that link_shared does not answer it."""
        own = event.get("user") == context.bot_user_id
        if not own and any(name in str(event).lower() for name in links.LINK_MARKERS):
            place = ids.place(str(context.team_id), event["channel"])
            await self._deduplicator.first_time(place, event["ts"])


async def on_error(error: Exception, body: Json) -> None:
    """Log an unexpected exception of a listener; reply with an error message if possible."""
    _log.error("event %s: failed: %s", body.get("event_id") or body.get("type"), stack_of(error))
    if url := body.get("response_url"):
        await send_ephemeral(respond_to(url), texts.TRY_AGAIN)


def _deleted(event: Json) -> str | None:
    """Return the timestamp of the deleted message, if the event reports a deletion."""
    if event.get("subtype") == "message_deleted":
        return str(event["deleted_ts"])
    # Slack keeps a tombstone message in place of one with replies in its thread.
    changed = event.get("message", {})
    return str(changed["ts"]) if changed.get("subtype") == "tombstone" else None


def _is_from_app(event: Json) -> bool:
    """Return whether an app wrote the message, this one or another."""
    return bool(event.get("bot_id")) or event.get("subtype") == "bot_message"


def _is_direct(event: Json) -> bool:
    return bool(event.get("channel_type") == "im")
