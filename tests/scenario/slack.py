"""Scenario driver for Slack: a person in local-slack, to which the whole platform connects."""

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from bot.domain import links
from bot.platforms.slack import emoji_names, present, present_card
from bot.runtime import composition
from bot.texts import sound
from tests.scenario.drivers import DisplayedCard, EditingDriver, Offer, Reply
from tests.stubs.local_slack import bot_runner
from tests.stubs.local_slack.server import LocalSlack
from tests.stubs.local_slack.workspace import (
    Json,
    Workspace,
    elements_of,
    reactions_of,
    text_of,
    values_of,
    workspace,
)
from tests.support.bot_process import offline_settings

OFFERED: Final = 4
"""Reactions that the bot offers under a card: "right" and the three best genres."""


@asynccontextmanager
async def with_bot(
    slack: LocalSlack, folder: Path, **settings: Any
) -> AsyncIterator[EditingDriver]:
    """Run the bot with its data in `folder`, in a workspace that outlasts it."""
    async with (
        workspace(slack) as members,
        composition.open_services(offline_settings(folder, **settings)) as opened,
        bot_runner.bot(slack, opened.services),
    ):
        yield SlackDriver(members)


class SlackDriver:
    """A member of the workspace."""

    def __init__(self, members: Workspace) -> None:
        self._workspace = members

    async def paste(self, text: str) -> Sequence[Reply]:
        before = len(self._workspace.replies())
        await self.say(text)
        replies = await self._workspace.wait_for_replies(before + len(links.find(text).links))
        return [await self._complete(reply) for reply in replies[before:]]

    async def say(self, text: str) -> None:
        self._posted = await self._workspace.post(text)

    async def edit(self, text: str) -> Sequence[DisplayedCard]:
        before, count = self._shown(), len(links.find(text).links)
        await self._workspace.edit(self._posted, text)
        await self._workspace.until(lambda: len(self._shown()) == count and self._shown() != before)
        found = [await self._complete(card) for card in self._cards()]
        return [one for one in found if isinstance(one, DisplayedCard)]

    async def throw_away(self, card: DisplayedCard) -> None:
        await self._workspace.react(self._card(card), emoji_names.DELETE)
        await self._workspace.until(lambda: card.id not in self._shown())

    async def press(self, card: DisplayedCard, genre: str) -> str | None:
        known = len(self._workspace.replies())
        counted = await self._vote_by(self._card(card), card, genre)
        await self._workspace.wait_for_replies(known + 1)  # its receipt
        return counted

    async def take_back(self, card: DisplayedCard) -> str | None:
        receipts = [
            one
            for one in self._workspace.replies()
            if present_card.WITHDRAW in _actions(one) and one["ephemeral_to"]
        ]
        return await self._vote_by(receipts[-1], card, present_card.TAKE_BACK)

    async def details(self, card: DisplayedCard) -> str:
        before = len(self._workspace.replies())
        await self._workspace.use(self._card(card), present_card.DETAILS)
        return text_of((await self._workspace.wait_for_replies(before + 1))[before])

    async def save(self, card: DisplayedCard) -> bytes:
        known = len(self._workspace.direct_files())
        await self._workspace.use(self._card(card), present_card.SAVE)
        found = await self._workspace.until(lambda: self._workspace.direct_files()[known:])
        return await self._workspace.download(found[0])

    async def drop_file(self, name: str, content: bytes) -> Sequence[Reply]:
        before = len(self._workspace.replies())
        await self._workspace.drop(name, content)
        replies = await self._workspace.until(
            lambda: [
                reply
                for reply in self._workspace.replies()[before:]
                if not sound.is_waiting(text_of(reply))
            ]
        )
        return [await self._complete(reply) for reply in replies]

    async def ask(self, text: str) -> Reply:
        return await self._complete(await self._workspace.command(text))

    async def pick(self, reply: Offer, label: str) -> DisplayedCard:
        before = len(self._workspace.replies())
        message = next(one for one in self._workspace.replies() if _id(one) == reply.id)
        for part in elements_of(message):
            if part.get("type") == "static_select":
                value = next(o["value"] for o in part["options"] if label in o["text"]["text"])
                await self._workspace.choose(message, part["action_id"], value)
            elif part.get("type") == "button" and label in part["text"]["text"]:
                action, value = part["action_id"], part["value"]
                await self._workspace.press(message, action, value=value)
        card = await self._complete((await self._workspace.wait_for_replies(before + 1))[before])
        assert isinstance(card, DisplayedCard)
        return card

    async def progress_lines(self) -> Sequence[str]:
        lines = [text_of(message) for message in self._workspace.replies()]
        return [line for line in lines if line.startswith("Reading")]

    async def vote(
        self, card: DisplayedCard, kind: str, genre: str, *, added: bool = True
    ) -> str | None:
        message = next(found for found in self._cards() if _id(found) == card.id)
        if kind == "choice":
            value = genre if added else present_card.TAKE_BACK
            values = [value for part in elements_of(message) for value in values_of(part)]
            # The predicted genre has a thumb up.
            await self._workspace.use(message, value if value in values else present_card.AGREE)
        else:
            name = emoji_names.RIGHT if kind == "right" else emoji_names.GENRES[genre]
            await self._workspace.react(message, name, added=added)
        before = message.get("edited")
        changed = await self._workspace.until(
            lambda: (
                new if (new := self._workspace.current(message)).get("edited") != before else None
            )
        )
        return _counted(changed)

    async def history(self) -> Sequence[DisplayedCard]:
        return [await self._displayed(card) for card in self._cards()]

    async def stats(self) -> str:
        return text_of(await self._workspace.command("stats"))

    async def _vote_by(self, message: Json, card: DisplayedCard, value: str) -> str | None:
        """Use what has a value in a message; return what counts once the card has changed."""
        before = self._card(card)
        await self._workspace.use(message, value)
        return _counted(
            await self._workspace.until(
                lambda: new if (new := self._card(card)) != before else None
            )
        )

    def _card(self, card: DisplayedCard) -> Json:
        return next(found for found in self._cards() if _id(found) == card.id)

    def _shown(self) -> Sequence[int]:
        return [_id(card) for card in self._cards()]

    def _cards(self) -> Sequence[Json]:
        return [
            message
            for message in self._workspace.cards()
            if present_card.CHOOSE in _actions(message)
        ]

    async def _complete(self, reply: Json) -> Reply:
        """Return a card once it has its reactions, or a summary its chart; they are sent last."""
        if reply in self._cards():
            await self._workspace.until(
                lambda: len(reactions_of(self._workspace.current(reply))) == OFFERED
            )
            return await self._displayed(reply)
        await self._workspace.until(
            lambda: not text_of(self._workspace.current(reply)).startswith("Reading")
        )
        current = self._workspace.current(reply)
        labels = [
            one["text"]["text"]
            for part in elements_of(current)
            if str(part.get("action_id", "")).startswith(present.PICK)
            for one in part.get("options", [part])
        ]
        if present.PICK not in _actions(current):
            text = text_of(current)
            return Offer(_id(current), text, labels) if labels else text
        charts = await self._workspace.until(lambda: self._charts_after(current))
        chart = await self._workspace.download(charts[0])
        return Offer(_id(current), text_of(current), labels, chart)

    def _charts_after(self, message: Json) -> Sequence[Json]:
        """Return the charts that were sent after a message, its own first."""
        charts = self._workspace.charts()
        return [chart for chart in charts if _id(chart["message"]) > _id(message)]

    async def _displayed(self, card: Json) -> DisplayedCard:
        # The chart of a card is sent before the next card.
        chart = await self._workspace.download(self._charts_after(card)[0])
        return DisplayedCard(_id(card), text_of(card), chart, _counted(card))


def _actions(message: Json) -> Sequence[str]:
    return [part["action_id"] for part in elements_of(message) if "action_id" in part]


def _id(message: Json) -> int:
    return int(message["ts"].replace(".", ""))


def _counted(card: Json) -> str | None:
    found = re.search(r"1 says ([^.\s]+)\.", text_of(card))
    return found[1] if found else None
