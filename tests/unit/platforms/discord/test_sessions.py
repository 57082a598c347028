"""Sessions of many shards: how many are resumed at once, and how long it takes to leave them."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from bot.domain.jobs import GatewaySession
from bot.platforms.discord import sessions
from bot.platforms.discord.sessions import CLOSE_SECONDS, RESUMED_AT_ONCE, Sessions
from tests.support.virtual_time import in_virtual_time

SECONDS = 10.0
"""Time that each connection takes."""


class SlowCatchUp:
    """Stands for the connection that resumes a session."""

    def __init__(self, *_: object) -> None:
        pass

    async def start(self) -> bool:
        await asyncio.sleep(SECONDS)
        return True

    async def handle(self) -> int:
        await asyncio.sleep(SECONDS)
        return 1

    async def close(self, code: int = 0) -> None:
        del code
        await asyncio.sleep(SECONDS)


class Stream:
    """Stands for the events of a client whose earlier process had `count` shards."""

    def __init__(self, count: int) -> None:
        self._count = count

    async def load(self) -> list[GatewaySession]:
        return [GatewaySession(shard, f"s{shard}", "ws://x", 1) for shard in range(self._count)]

    async def save(self) -> None:
        """Store nothing."""


def opened(count: int, monkeypatch: pytest.MonkeyPatch, shards: range | None = None) -> Sessions:
    """Return the sessions of a client with `count` shards, whose connections are slow."""
    monkeypatch.setattr(sessions, "CatchUp", SlowCatchUp)
    parent = SimpleNamespace(ws=SlowCatchUp(), _cancel_task=lambda: None)
    client: Any = SimpleNamespace(
        shards={number: SimpleNamespace(id=number, _parent=parent) for number in range(count)}
    )
    stream: Any = Stream(count)
    return Sessions(client, stream, shards=shards)


async def passed(work: Any) -> float:
    """Return the seconds that something takes."""
    started = asyncio.get_running_loop().time()
    await work
    return asyncio.get_running_loop().time() - started


@pytest.mark.parametrize(("shards", "rounds"), [(None, 3), (range(4, 6), 1), (range(20, 24), 0)])
def test_some_sessions_are_resumed_at_once(
    shards: range | None, rounds: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    @in_virtual_time
    async def resume() -> float:
        return await passed(opened(2 * RESUMED_AT_ONCE + 1, monkeypatch, shards).resume())

    assert resume() == pytest.approx(rounds * SECONDS)


@in_virtual_time
async def handle_and_leave(monkeypatch: pytest.MonkeyPatch) -> tuple[float, float]:
    """Return the seconds until the earlier events are handled, and until a client is left."""
    first, second = opened(16, monkeypatch), opened(16, monkeypatch)
    await first.resume()
    await second.resume()
    handled = await passed(first.on_ready())
    await first.leave()
    return handled, await passed(second.leave())


def test_all_sessions_are_handled_at_once_and_left_within_a_second(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    handled, left = handle_and_leave(monkeypatch)
    assert handled == pytest.approx(2 * SECONDS)
    assert left == pytest.approx(CLOSE_SECONDS)
