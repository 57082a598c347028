"""Uploads charts into the threads of the messages that they belong to, and deletes both."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from slack_sdk.web.async_client import AsyncWebClient

from bot import texts
from bot.domain.cards import Card, Theme
from bot.domain.places import Message, Place
from bot.domain.replies import Summary
from bot.domain.sanitize import MAX_NAME_LENGTH, one_line, with_short_names
from bot.domain.statistics import WorkspaceStats
from bot.platforms.slack import ids
from bot.platforms.slack.failures import FAILURES, error_code
from bot.platforms.slack.posting import ReplyTarget
from bot.services.failures import value_or_none
from bot.services.services import Services
from bot.texts import collections
from bot.texts import slack as words

CHART_FILE: Final = "chart.png"
STATISTICS_FILE: Final = "stats.png"

MAX_ALT_LENGTH: Final = 1000
"""Characters of a file's alternative text, by Slack's documentation."""

MESSAGE_NOT_FOUND: Final = "message_not_found"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture to upload, with its alternative text."""

    png: bytes
    name: str
    title: str
    alt: str


class Pictures:
    """Uploads the pictures of cards, summaries and statistics."""

    def __init__(self, services: Services) -> None:
        self._cards = services.cards
        self._collections = services.collections
        self._statistics = services.statistics

    async def upload(
        self,
        target: ReplyTarget,
        message: Message,
        timestamp: str,
        content: Card | Summary | WorkspaceStats,
    ) -> None:
        """Upload the picture of what a message of the app displays, with which it is deleted.

        Args:
            target: Where the message was sent.
            message: The message that it answers.
            timestamp: The message of the app.
            content: What it displays.
        """
        picture = await self._picture(content)
        if picture is None:
            return
        thread = target.thread or timestamp
        try:
            file = await upload(target.client, picture, message.place.channel, thread)
        except FAILURES as error:
            _log.warning("message %s: chart not uploaded: %s", timestamp, error_code(error))
            return
        await self._cards.on_other_sent(replace(message, id=timestamp), file)
        # If the job were repeated here, it would post a card again that a person deleted meanwhile.
        deleted = self._cards.is_deleted(message.place, timestamp)
        if await value_or_none(deleted, f"message {timestamp}"):
            await delete(target.client, message.place, file)

    async def _picture(self, content: Card | Summary | WorkspaceStats) -> Picture | None:
        match content:
            case Card(answer=answer):
                png = await self._cards.chart(content, Theme.LIGHT)
                title = texts.short_headline(answer.subject, MAX_NAME_LENGTH)
                name, alt = CHART_FILE, texts.alt(with_short_names(answer), ids.PLATFORM)
            case Summary(answer=summary):
                png = await self._collections.chart(content, Theme.LIGHT)
                title = one_line(collections.headline(summary))
                name, alt = CHART_FILE, collections.alt(summary)
            case WorkspaceStats():
                png = await self._statistics.chart(content, Theme.LIGHT)
                name, title, alt = STATISTICS_FILE, words.STATS_TITLE, texts.stats_alt(content)
        return Picture(png, name, title, alt) if png else None


async def upload(
    client: AsyncWebClient,
    picture: Picture,
    channel: str | None = None,
    thread: str | None = None,
) -> str:
    """Upload a picture and return its file id; raise one of FAILURES.

    Without a channel, no message shows it.
    """
    uploaded = await client.files_upload_v2(
        filename=picture.name,
        content=picture.png,
        title=picture.title,
        alt_txt=picture.alt[:MAX_ALT_LENGTH],
        channel=channel,
        thread_ts=thread,
    )
    return str(uploaded["files"][0]["id"])


async def files_of(client: AsyncWebClient, place: Place, timestamp: str) -> Sequence[str]:
    """Return the ids of the files that a message shows; none if Slack does not tell.

    Slack posts a file in a message of its own, whose timestamp it does not return.
    """
    try:
        # Also finds messages that are replies themselves.
        found = await client.conversations_replies(channel=place.channel, ts=timestamp, limit=1)
    except FAILURES as error:
        _log.info("message %s: its files are unknown: %s", timestamp, error_code(error))
        return ()
    messages = [one for one in found["messages"] if one.get("ts") == timestamp]
    return [str(file["id"]) for one in messages for file in one.get("files", ())]


async def delete(client: AsyncWebClient, place: Place, answer: str) -> bool:
    """Delete a message or file of the app; return whether it does not exist any more."""
    try:
        if answer.startswith(ids.FILE_PREFIX):
            await client.files_delete(file=answer)
        else:
            await client.chat_delete(channel=place.channel, ts=answer)
    except FAILURES as error:
        _log.info("message %s: not deleted: %s", answer, error_code(error))
        return error_code(error) == MESSAGE_NOT_FOUND
    return True
