"""/genre and its words, and the shortcut on a message."""

import html
import logging
from dataclasses import replace
from typing import Any, Final

from slack_bolt.async_app import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot import links, texts
from bot.handlers import SharedHandlers
from bot.platforms.slack import ids, present
from bot.platforms.slack.delivery import SILENT, Delivery, Door, Respond
from bot.platforms.slack.failures import FAILURES, code
from bot.platforms.slack.managers import may_manage
from bot.texts import slack as words
from bot.values import Message, Mode, Notice, Place, SettingsChange, Theme

RESET: Final = "reset"
EVERYWHERE: Final = "everywhere"

_log = logging.getLogger(__name__)

Json = dict[str, Any]


class Commands:
    """Does what /genre says."""

    def __init__(self, handlers: SharedHandlers, delivery: Delivery) -> None:
        self._handlers = handlers
        self._delivery = delivery

    async def obey(self, command: Json, client: AsyncWebClient, respond: AsyncRespond) -> None:
        """Do what the words after /genre say: one of ours, else a link or a song's name."""
        text = html.unescape(command.get("text", "")).strip()
        place = ids.place(command["team_id"], command["channel_id"])
        verb, _, rest = text.partition(" ")
        match verb.casefold():
            case "" | "help" if not rest:
                await _tell(respond, words.HOW_TO, present.help_text())
            case "stats" if not rest:
                await self._stats(place, client, respond)
            case "forget-me" if not rest:
                done = await self._handlers.on_forget(place, command["user_id"])
                await _tell(respond, done.text)
            case "settings":
                notice = await self._settings(place, command["user_id"], rest.split(), client)
                await _tell(respond, notice.text)
            case _:
                await self._answer(ids.command(command, text), Door(client, None, respond))

    async def answer_message(
        self, shortcut: Json, client: AsyncWebClient, respond: AsyncRespond
    ) -> None:
        """Answer the links of the message that the shortcut was used on, in its thread."""
        written = shortcut["message"]
        previews = (preview.get("from_url", "") for preview in written.get("attachments", ()))
        text = html.unescape("\n".join([written.get("text", ""), *previews]))
        place = ids.place(shortcut["team"]["id"], shortcut["channel"]["id"])
        # What somebody wrote is no song's name: without a link there is nothing to look for.
        asked = text if links.find(text).links else ""
        message = Message(place, shortcut["trigger_id"], shortcut["user"]["id"], asked)
        thread = written.get("thread_ts") or written["ts"]
        await self._answer(message, Door(client, thread, respond))

    async def _answer(self, message: Message, door: Door) -> None:
        replies = await self._handlers.room.on_asked(message)
        shown = [reply for reply in replies if not isinstance(reply, Notice)]
        for notice in replies:
            if isinstance(notice, Notice) and door.respond:
                await _tell(door.respond, notice.text)
        await self._delivery.deliver(door, message, shown)

    async def _stats(self, place: Place, client: AsyncWebClient, respond: AsyncRespond) -> None:
        found = await self._handlers.room.stats(place)
        if isinstance(found, Notice):
            await _tell(respond, found.text)
            return
        png = await self._handlers.room.stats_chart(found, Theme.LIGHT)
        text = texts.stats(found)
        try:
            sent = await client.chat_postMessage(
                channel=place.channel,
                text=present.escaped(text),
                blocks=present.stats(found),
                **SILENT,
            )
            if png:
                await client.files_upload_v2(
                    filename="stats.png",
                    content=png,
                    title=words.STATS_TITLE,
                    alt_txt=texts.stats_alt(found),
                    channel=place.channel,
                    thread_ts=str(sent["ts"]),
                )
        except FAILURES as error:
            _log.info("stats: %s", code(error))
            await _tell(respond, text, present.stats(found))

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


async def _tell(respond: Respond, text: str, blocks: list[present.Block] | None = None) -> None:
    """Say something to whoever used the command, and to nobody else."""
    laid_out = blocks or present.sentence(text)
    await respond(text=present.escaped(text), blocks=laid_out, response_type="ephemeral")


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
