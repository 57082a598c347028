"""/genre with its subcommands, and the shortcut on a message."""

import html
from dataclasses import replace
from typing import Any, Final

from slack_sdk.web.async_client import AsyncWebClient

from bot.domain import links
from bot.domain.channel_settings import Mode, SettingsChange
from bot.domain.places import Message, Place
from bot.domain.replies import Notice, NoticeKind
from bot.domain.statistics import WorkspaceStats
from bot.platforms.slack import ids, present
from bot.platforms.slack.delivery import Delivery
from bot.platforms.slack.permissions import may_manage
from bot.platforms.slack.posting import ReplyTarget
from bot.platforms.slack.response_url import respond_to, send_ephemeral
from bot.services.channel_settings import SettingsService
from bot.services.group_chat import GroupChat
from bot.services.voting import VotingService
from bot.texts import slack as words

RESET: Final = "reset"
EVERYWHERE: Final = "everywhere"

Json = dict[str, Any]


class Commands:
    """Runs commands."""

    def __init__(
        self,
        *,
        group_chat: GroupChat,
        settings: SettingsService,
        voting: VotingService,
        delivery: Delivery,
    ) -> None:
        self._group_chat = group_chat
        self._settings = settings
        self._voting = voting
        self._delivery = delivery

    async def run(self, command: Json, client: AsyncWebClient) -> None:
        """Run the subcommand after /genre; other text is a link or a song's name."""
        text = html.unescape(command.get("text", "")).strip()
        message = ids.command(command, text)
        respond = respond_to(command["response_url"])
        target = ReplyTarget(client, None, respond)
        name, _, rest = text.partition(" ")
        match name.casefold():
            case "" | "help" if not rest:
                await send_ephemeral(respond, words.HELP_TEXT, present.help_text())
            case "stats" if not rest:
                await self._show_statistics(message, target)
            case "forget-me" if not rest:
                notice = await self._voting.forget(message.place, message.user)
                await send_ephemeral(respond, notice.text)
            case "settings":
                notice = await self._change_settings(message, rest.split(), client)
                await send_ephemeral(respond, notice.text)
            case _:
                await self._answer(message, target, message.id)

    async def answer_message(self, shortcut: Json, client: AsyncWebClient) -> None:
        """Answer the links of the message that the shortcut was used on, in its thread."""
        source = shortcut["message"]
        previews = (preview.get("from_url", "") for preview in source.get("attachments", ()))
        text = html.unescape("\n".join([source.get("text", ""), *previews]))
        place = ids.place(shortcut["team"]["id"], shortcut["channel"]["id"])
        # Without a link, the text of a message is not a search.
        question = text if links.find(text).links else ""
        message = Message(place, shortcut["trigger_id"], shortcut["user"]["id"], question)
        thread = source.get("thread_ts") or source["ts"]
        target = ReplyTarget(client, thread, respond_to(shortcut["response_url"]))
        await self._answer(message, target, source["ts"])

    async def _answer(self, message: Message, target: ReplyTarget, source: str) -> None:
        """Answer a command; the replies are deleted with the message or command `source`."""
        replies = await self._group_chat.on_command(message)
        cards = [reply for reply in replies if not isinstance(reply, Notice)]
        for notice in replies:
            if isinstance(notice, Notice) and target.respond:
                await send_ephemeral(target.respond, notice.text)
        await self._delivery.deliver(target, replace(message, id=source), cards)

    async def _show_statistics(self, message: Message, target: ReplyTarget) -> None:
        result = await self._group_chat.on_statistics_command(message)
        if isinstance(result, WorkspaceStats):
            await self._delivery.send_statistics(target, message, result)
        elif result and target.respond:
            await send_ephemeral(target.respond, result.text)

    async def _change_settings(
        self, message: Message, arguments: list[str], client: AsyncWebClient
    ) -> Notice:
        place: Place = message.place
        if EVERYWHERE in arguments:
            place = replace(place, channel="")
            arguments.remove(EVERYWHERE)
        if not arguments:
            current = await self._settings.describe(place)
            return Notice(current.kind, f"{current.text} {words.SETTINGS_USAGE}")
        if not await may_manage(client, message.user, place.channel):
            return Notice(NoticeKind.NOT_ALLOWED, words.NOT_ALLOWED)
        if arguments == [RESET]:
            return await self._settings.reset(place)
        change = parse_change(arguments)
        if change is None:
            return Notice(NoticeKind.USAGE, words.SETTINGS_USAGE)
        return await self._settings.change(place, change)


def parse_change(arguments: list[str]) -> SettingsChange | None:
    """Parse arguments such as `auto reactions off`; return None if they are not valid."""
    change = SettingsChange()
    rest = iter(arguments)
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
