"""The scenario's person on local-slack, which the whole platform is connected to."""

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from bot.domain import links
from bot.platforms.slack import emoji_names, present
from bot.runtime import composition
from tests.scenario.drivers import DisplayedCard, Driver, offline_settings
from tests.stubs.local_slack import running
from tests.stubs.local_slack.stand_in import StandIn
from tests.stubs.local_slack.workspace import Json, Workspace, words, workspace
from tests.stubs.local_slack.workspace import signs as reactions

OFFERED: Final = 4
"""Reactions under a card when it is complete: "right" and the three best genres."""


@asynccontextmanager
async def with_bot(slack: StandIn, folder: Path) -> AsyncIterator[Driver]:
    """Start the bot on `folder`; the workspace is there before and after."""
    async with (
        workspace(slack) as people,
        composition.open_services(offline_settings(folder)) as opened,
        running.bot(slack, opened.services),
    ):
        yield SlackDriver(people)


class SlackDriver:
    """A member of the workspace."""

    def __init__(self, people: Workspace) -> None:
        self._people = people

    async def paste(self, text: str) -> Sequence[DisplayedCard | str]:
        before = len(self._people.said())
        await self._people.post(text)
        said = await self._people.answers(before + len(links.find(text).links))
        return [await self._complete(reply) or words(reply) for reply in said[before:]]

    async def vote(
        self, card: DisplayedCard, kind: str, genre: str, *, added: bool = True
    ) -> str | None:
        message = next(found for found in self._people.cards() if _id(found) == card.id)
        if kind == "choice":
            chosen = genre if added else present.TAKE_BACK
            await self._people.choose(message, present.CHOOSE, chosen)
        else:
            name = emoji_names.RIGHT if kind == "right" else emoji_names.GENRES[genre]
            await self._people.react(message, name, added=added)
        before = message.get("edited")
        changed = await self._people.until(
            lambda: now if (now := self._people.now(message)).get("edited") != before else None
        )
        return _counted(changed)

    async def history(self) -> Sequence[DisplayedCard]:
        return [await self._displayed(card) for card in self._people.cards()]

    async def stats(self) -> str:
        return words(await self._people.command("stats"))

    async def _complete(self, reply: Json) -> DisplayedCard | None:
        """Return a card once its reactions are there, the last of it; None for a sentence."""
        if reply not in self._people.cards():
            return None
        await self._people.until(lambda: len(reactions(self._people.now(reply))) == OFFERED)
        return await self._displayed(reply)

    async def _displayed(self, card: Json) -> DisplayedCard:
        # A card's chart follows it before the next card is sent.
        charts = [chart for chart in self._people.charts() if chart["name"] == "chart.png"]
        numbers = [_id(shown) for shown in self._people.cards()]
        chart = await self._people.download(charts[numbers.index(_id(card))])
        return DisplayedCard(_id(card), words(card), chart, _counted(card))


def _id(message: Json) -> int:
    return int(message["ts"].replace(".", ""))


def _counted(card: Json) -> str | None:
    heard = re.search(r"You say: (\S+) \(1\)", words(card))
    return heard[1] if heard else None
