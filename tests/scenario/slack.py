"""Scenario driver for Slack: a person in local-slack, to which the whole platform connects."""

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from bot.domain import links
from bot.platforms.slack import emoji_names, present
from bot.runtime import composition
from tests.scenario.drivers import DisplayedCard, Driver
from tests.stubs.local_slack import bot_runner
from tests.stubs.local_slack.server import LocalSlack
from tests.stubs.local_slack.workspace import Json, Workspace, reactions_of, text_of, workspace
from tests.support.bot_process import offline_settings

OFFERED: Final = 4
"""Reactions that the bot offers under a card: "right" and the three best genres."""


@asynccontextmanager
async def with_bot(slack: LocalSlack, folder: Path) -> AsyncIterator[Driver]:
    """Run the bot with its data in `folder`, in a workspace that outlasts it."""
    async with (
        workspace(slack) as members,
        composition.open_services(offline_settings(folder)) as opened,
        bot_runner.bot(slack, opened.services),
    ):
        yield SlackDriver(members)


class SlackDriver:
    """A member of the workspace."""

    def __init__(self, members: Workspace) -> None:
        self._workspace = members

    async def paste(self, text: str) -> Sequence[DisplayedCard | str]:
        before = len(self._workspace.replies())
        await self._workspace.post(text)
        replies = await self._workspace.wait_for_replies(before + len(links.find(text).links))
        return [await self._complete(reply) or text_of(reply) for reply in replies[before:]]

    async def vote(
        self, card: DisplayedCard, kind: str, genre: str, *, added: bool = True
    ) -> str | None:
        message = next(found for found in self._workspace.cards() if _id(found) == card.id)
        if kind == "choice":
            value = genre if added else present.TAKE_BACK
            await self._workspace.choose(message, present.CHOOSE, value)
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
        return [await self._displayed(card) for card in self._workspace.cards()]

    async def stats(self) -> str:
        return text_of(await self._workspace.command("stats"))

    async def _complete(self, reply: Json) -> DisplayedCard | None:
        """Return a card once it has its reactions, which are sent last; None for a sentence."""
        if reply not in self._workspace.cards():
            return None
        await self._workspace.until(
            lambda: len(reactions_of(self._workspace.current(reply))) == OFFERED
        )
        return await self._displayed(reply)

    async def _displayed(self, card: Json) -> DisplayedCard:
        # The chart of a card is sent before the next card, so both have the same index.
        charts = [chart for chart in self._workspace.charts() if chart["name"] == "chart.png"]
        ids = [_id(displayed) for displayed in self._workspace.cards()]
        chart = await self._workspace.download(charts[ids.index(_id(card))])
        return DisplayedCard(_id(card), text_of(card), chart, _counted(card))


def _id(message: Json) -> int:
    return int(message["ts"].replace(".", ""))


def _counted(card: Json) -> str | None:
    found = re.search(r"You say: (\S+) \(1\)", text_of(card))
    return found[1] if found else None
