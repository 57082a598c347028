"""How far an answer to a hidden link is, is hidden as well."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from bot.concurrency.keyed_locks import KeyedLocks
from bot.platforms.discord.progress import ProgressMessage, Timing
from bot.platforms.discord.transports import _is_progress
from bot.platforms.discord.uploads import Sent
from bot.texts import collections
from tests.support.factories import message
from tests.support.fake_app import FakeApp
from tests.support.fake_collections import ALBUM


class Transport:
    """Notes what is displayed, and sets `is_displayed` then."""

    progress: int | None = None
    is_recorded = True

    def __init__(self) -> None:
        self.displayed: list[str] = []
        self.is_displayed = asyncio.Event()

    async def show_progress(self, text: str) -> Sent:
        self.displayed.append(text)
        self.is_displayed.set()
        self.progress = 7
        return Sent(7, None)

    def __getattr__(self, name: str) -> Any:
        raise NotImplementedError(name)


@pytest.mark.parametrize("is_spoiler", [True, False])
async def test_progress_is_hidden_with_its_link(*, is_spoiler: bool) -> None:
    transport, sentence = Transport(), collections.progress(ALBUM, 3, 10)
    asked = replace(message("link"), is_spoiler=is_spoiler)
    cards, timing = FakeApp().services.cards, Timing(0, 0, 60)
    progress = ProgressMessage(cards, transport, asked, KeyedLocks(), timing)

    async def work() -> list[str]:
        await progress.tell(sentence)
        await transport.is_displayed.wait()
        return ["done"]

    assert await progress.following(work()) == ["done"]
    (displayed,) = transport.displayed
    assert (displayed.startswith("||") and displayed.endswith("||")) == is_spoiler
    assert _is_progress(displayed), "another process recognises it"
