"""What the composition root opens is closed again."""

import asyncio
import socket
from pathlib import Path

import pytest

from bot.domain.tracks import SubjectKind, SubjectRef
from bot.runtime import composition
from bot.sources.reply_cache import Cache
from tests.support.bot_process import offline_settings

UNKNOWN = SubjectRef(SubjectKind.TRACK, "0" * 22)


async def test_questions_to_a_source_that_hangs_end_before_what_they_use_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, close, left = asyncio.all_tasks(), Cache.close, []

    async def noted(cache: Cache) -> None:
        left.extend(asyncio.all_tasks() - before)
        await close(cache)

    monkeypatch.setattr(Cache, "close", noted)
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
        print(left)
        assert len(left) == 1
        assert asyncio.all_tasks() == before
