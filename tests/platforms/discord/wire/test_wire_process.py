"""`python -m bot run --platform discord` as a process, against the stub."""

import asyncio
import os
import signal
from asyncio.subprocess import Process
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.domain.emoji import GENRES
from tests.platforms.discord.wire.running import REACT, Wire, text_of
from tests.stubs.discord import redirect
from tests.stubs.discord.rest import MESSAGES
from tests.support.bot_process import (
    ROOT,
    TIME_LIMIT,
    bot_environment,
    end_leases,
    first_line,
    running_bot,
    wait_for_exit,
    warnings_of,
)
from tests.support.fake_app import LINK
from tests.support.loopback import Loopback

UNKNOWN_TRACK_ID = "5CQ30WqJwcep0pYcV4AMNc"
UNKNOWN_TRACK_LINK = f"https://open.spotify.com/track/{UNKNOWN_TRACK_ID}"


class Bot:
    """Starts processes of the bot on one data folder."""

    def __init__(self, wire: Wire, folder: Path, loopback: Loopback) -> None:
        wire.stub.timeout = TIME_LIMIT
        (folder / "site").mkdir()
        self._folder = folder
        self._environment = bot_environment(
            folder,
            redirect.subprocess_environment(wire.stub, folder / "site"),
            DISCORD_TOKEN=wire.stub.state.token,
            RECCOBEATS_URL=loopback.url,
            PYTHONPATH=os.pathsep.join([str(folder / "site"), str(ROOT)]),
        )

    def running(self, *arguments: str, **variables: str) -> AbstractAsyncContextManager[Process]:
        """Start the bot; kill it at the end of the block if it is still running."""
        environment = self._environment | variables
        platform = ("--platform", "discord", *arguments)
        return running_bot(*platform, folder=self._folder, environment=environment)

    def end_leases(self) -> None:
        """End the leases of a killed process's jobs, instead of waiting for their end."""
        end_leases(self._folder)


@pytest.fixture
def bot(wire: Wire, tmp_path: Path, loopback: Loopback) -> Bot:
    return Bot(wire, tmp_path, loopback)


@pytest.mark.parametrize("token", ["hush.wrong.token", "hush-nonsense"])
async def test_wrong_token_prints_one_line_and_exits_with_78(bot: Bot, token: str) -> None:
    async with bot.running(DISCORD_TOKEN=token) as process:
        code, out, err = await wait_for_exit(process)
    assert code == 78
    assert len(err.strip().splitlines()) == 1
    assert "DISCORD_TOKEN" in err
    assert "https://discord.com/developers/applications" in err
    assert "hush" not in out + err


async def test_token_revoked_during_the_run_exits_with_78(bot: Bot, wire: Wire) -> None:
    async with bot.running() as process:
        await wire.stub.wait_for_sessions()
        token, wire.stub.state.token = wire.stub.state.token, "another.one"
        wire.stub.gateway.drop_connections()
        code, out, err = await wait_for_exit(process)
    assert code == 78
    assert err.strip().splitlines()[-1].startswith("Soundslike cannot start: ")
    assert "Traceback" not in err
    assert token not in out + err


async def test_card_in_progress_at_sigterm_is_sent_before_the_process_exits(
    bot: Bot, wire: Wire, loopback: Loopback
) -> None:
    requested, proceed = asyncio.Event(), asyncio.Event()

    async def slow_reply(_: web.Request) -> web.Response:
        requested.set()
        await proceed.wait()
        return web.json_response({"content": [track()]})

    loopback.answer("/v1/track", slow_reply)
    loopback.json("/v1/audio-features", {"content": [{**track(), **FEATURES}]})
    async with bot.running() as process:
        await wire.stub.wait_for_sessions()
        wire.actions.post(wire.music, wire.ada, UNKNOWN_TRACK_LINK)
        await wire.with_timeout(requested.wait())
        process.send_signal(signal.SIGTERM)
        proceed.set()
        code, _, err = await wait_for_exit(process)
    (card,) = wire.stub.messages(wire.music)
    assert "Unknown" in text_of(card)
    assert wire.stub.file_contents(card)[0].startswith(b"\x89PNG")
    assert code == 0
    assert warnings_of(err) == []


async def test_process_continues_after_the_previous_one_was_killed(bot: Bot, wire: Wire) -> None:
    async with bot.running() as process:
        await wire.stub.wait_for_sessions()
        card = await wire.card(LINK)
        process.kill()
        await process.wait()
        await wire.stub.wait_for_disconnection()
    bot.end_leases()
    question_id = card["message_reference"]["message_id"]
    async with bot.running() as process:
        await wire.stub.wait_for_sessions()
        wire.redeliver("MESSAGE_CREATE", question_id)
        wire.actions.react(card["id"], wire.bob, GENRES["jazz"])
        await wire.drain()
        await wire.wait_for_votes(card, "jazz")
        line = await first_line(process)
        process.terminate()
        assert (await wait_for_exit(process))[0] == 0
    assert line == "Discord: connected as Soundslike, in 1 server\n"
    assert (
        len(wire.stub.calls_to("POST", MESSAGES)) == 2
    )  # the card and the reply that drain() causes
    assert len(wire.stub.calls_to(*REACT)) == 4


async def test_two_processes_on_one_database_answer_their_own_servers(bot: Bot, wire: Wire) -> None:
    channels = [
        wire.actions.channel(wire.actions.guild("G", wire.ada, number=number), "music")
        for number in range(2)
    ]
    async with bot.running("--shards", "0/2") as first, bot.running("--shards", "1/2") as second:
        await wire.stub.wait_for_sessions(2)
        for channel in channels:
            wire.actions.post(channel, wire.ada, LINK)
        for channel in channels:
            await wire.stub.wait_for_messages(channel)
        for process in (first, second):
            process.terminate()
        exits = [await wait_for_exit(process) for process in (first, second)]
    assert [code for code, _, _ in exits] == [0, 0]
    assert [warnings_of(err) for _, _, err in exits] == [[], []]
    assert [len(wire.stub.messages(channel)) for channel in channels] == [1, 1]


FEATURES: Mapping[str, float] = {
    "acousticness": 0.05, "danceability": 0.88, "energy": 0.62, "instrumentalness": 0.0,
    "key": 6, "liveness": 0.11, "loudness": -5.6, "mode": 1, "speechiness": 0.1, "tempo": 136.0,
    "valence": 0.64,
}  # fmt: skip


def track() -> dict[str, Any]:
    return {"id": "u", "href": UNKNOWN_TRACK_LINK, "trackTitle": "Unknown", "durationMs": 200_000,
            "artists": [{"name": "Artist"}], "isrc": "X"}  # fmt: skip
