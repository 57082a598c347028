"""/genre and its words, and the shortcut on a message."""

import html
from dataclasses import replace
from typing import Any, Final

from slack_sdk.web.async_client import AsyncWebClient

from bot.domain import links
from bot.domain.cards import Notice
from bot.domain.channel_settings import Mode, SettingsChange
from bot.domain.places import Message, Place
from bot.domain.statistics import WorkspaceStats
from bot.platforms.slack import ids, present
from bot.platforms.slack.delivery import Delivery
from bot.platforms.slack.permissions import may_manage
from bot.platforms.slack.posting import ReplyTarget
from bot.platforms.slack.response_url import tell, through
from bot.services.handlers import SharedHandlers
from bot.texts import slack as words

RESET: Final = "reset"
EVERYWHERE: Final = "everywhere"

Json = dict[str, Any]


class Commands:
    """Does what /genre says."""

    def __init__(self, handlers: SharedHandlers, delivery: Delivery) -> None:
        self._handlers = handlers
        self._delivery = delivery

    async def obey(self, command: Json, client: AsyncWebClient) -> None:
        """Do what the words after /genre say: one of ours, else a link or a song's name."""
        text = html.unescape(command.get("text", "")).strip()
        message = ids.command(command, text)
        respond = through(command["response_url"])
        door = ReplyTarget(client, None, respond)
        verb, _, rest = text.partition(" ")
        match verb.casefold():
            case "" | "help" if not rest:
                await tell(respond, words.HOW_TO, present.help_text())
            case "stats" if not rest:
                await self._stats(message, door)
            case "forget-me" if not rest:
                done = await self._handlers.on_forget(message.place, message.user)
                await tell(respond, done.text)
            case "settings":
                notice = await self._settings(message.place, message.user, rest.split(), client)
                await tell(respond, notice.text)
            case _:
                await self._answer(message, door, message.id)

    async def answer_message(self, shortcut: Json, client: AsyncWebClient) -> None:
        """Answer the links of the message that the shortcut was used on, in its thread."""
        written = shortcut["message"]
        previews = (preview.get("from_url", "") for preview in written.get("attachments", ()))
        text = html.unescape("\n".join([written.get("text", ""), *previews]))
        place = ids.place(shortcut["team"]["id"], shortcut["channel"]["id"])
        # What somebody wrote is no song's name: without a link there is nothing to look for.
        asked = text if links.find(text).links else ""
        message = Message(place, shortcut["trigger_id"], shortcut["user"]["id"], asked)
        thread = written.get("thread_ts") or written["ts"]
        door = ReplyTarget(client, thread, through(shortcut["response_url"]))
        await self._answer(message, door, written["ts"])

    async def _answer(self, message: Message, door: ReplyTarget, source: str) -> None:
        """Answer a command about `source`: with that message, or command, the answers go."""
        replies = await self._handlers.room.on_asked(message)
        shown = [reply for reply in replies if not isinstance(reply, Notice)]
        for notice in replies:
            if isinstance(notice, Notice) and door.respond:
                await tell(door.respond, notice.text)
        await self._delivery.deliver(door, replace(message, id=source), shown)

    async def _stats(self, message: Message, door: ReplyTarget) -> None:
        found = await self._handlers.room.on_stats_asked(message)
        if isinstance(found, WorkspaceStats):
            await self._delivery.show_stats(door, message, found)
        elif found and door.respond:
            await tell(door.respond, found.text)

    async def _settings(
        self, place: Place, user: str, asked: list[str], client: AsyncWebClient
    ) -> Notice:
        if EVERYWHERE in asked:
            place = replace(place, channel="")
            asked.remove(EVERYWHERE)
        if not asked:
            held = await self._handlers.room.held(place)
            return Notice(held.code, f"{held.text} {words.SETTINGS_USAGE}")
        if not await may_manage(client, user, place.channel):
            return Notice("not_allowed", words.NOT_ALLOWED)
        if asked == [RESET]:
            return await self._handlers.room.change(place, None)
        change = read_change(asked)
        if change is None:
            return Notice("usage", words.SETTINGS_USAGE)
        return await self._handlers.room.change(place, change)


def read_change(asked: list[str]) -> SettingsChange | None:
    """Read words such as `auto reactions off`; None when they mean nothing."""
    change = SettingsChange()
    rest = iter(asked)
    for word in rest:
        if word in list(Mode):
            change = replace(change, mode=Mode(word))
        elif word == "reactions" and (switch := next(rest, "")) in {"on", "off"}:
            change = replace(change, reactions=switch == "on")
        elif word == "model" and (name := next(rest, "")):
            change = replace(change, model=name)
        else:
            return None
    return change
