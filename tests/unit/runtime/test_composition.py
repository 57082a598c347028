"""What the composition root opens is closed again."""

import asyncio
import socket
from pathlib import Path

import pytest

from bot.concurrency.single_flight import _run
from bot.domain.tracks import SubjectKind, SubjectRef
from bot.runtime import composition
from bot.services.services import Services
from bot.sources.reply_cache import Cache
from tests.support.bot_process import offline_settings

UNKNOWN = SubjectRef(SubjectKind.TRACK, "0" * 22)


async def test_questions_to_a_source_that_hangs_end_before_what_they_use_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, close = asyncio.all_tasks(), Cache.close
    shared: list[str] = []
    closed: list[Services] = []

    async def noted(cache: Cache) -> None:
        names = (getattr(task.get_coro(), "__qualname__", "") for task in asyncio.all_tasks())
        shared.extend(name for name in names if name == _run.__qualname__)
        await close(cache)

    async def ended(services: Services) -> None:
        closed.append(services)

    monkeypatch.setattr(Cache, "close", noted)
    monkeypatch.setattr(Services, "close", ended)
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        settings = offline_settings(tmp_path, reccobeats_url=url)
        async with composition.open_services(settings) as opened:
            caller = asyncio.ensure_future(opened.services.songs.answer(UNKNOWN))
            connection, _ = await asyncio.get_running_loop().sock_accept(server)
            with connection:
                caller.cancel()
                await asyncio.wait([caller])
        assert len(shared) == 1, "more than the cache's own question"
        assert closed == [opened.services]
        assert asyncio.all_tasks() == before
