"""`python -m bot run --platform slack`, as a process, on the stub's sockets."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from bot.runtime.settings import Settings
from tests.conftest import ROOT
from tests.platforms.slack.scene import OFFERED_REACTIONS, Scene, text_of
from tests.stubs.slack import subprocess_environment
from tests.stubs.slack.state import APP_TOKEN, SIGNING_SECRET
from tests.support.fake_app import LINK
from tests.support.loopback import Loopback

NOBODY = "http://127.0.0.1:1"
STRANGER = "5CQ30WqJwcep0pYcV4AMNc"
SLOW = f"https://open.spotify.com/track/{STRANGER}"
TIME_LIMIT = 30
MEASURED = {
    "acousticness": 0.05, "danceability": 0.88, "energy": 0.62, "instrumentalness": 0.0,
    "key": 6, "liveness": 0.11, "loudness": -5.6, "mode": 1, "speechiness": 0.1, "tempo": 136.0,
    "valence": 0.64,
}  # fmt: skip


class Bot:
    """The bot's processes on one data folder."""

    def __init__(self, scene: Scene, folder: Path, loopback: Loopback) -> None:
        scene.stub.timeout = TIME_LIMIT
        (folder / "site").mkdir()
        ours = {name.upper() for name in Settings.model_fields}
        stub = subprocess_environment.environment(scene.stub, folder / "site")
        self._folder = folder
        self._environment = {name: text for name, text in stub.items() if name not in ours} | {
            "DATA_DIR": str(folder / "var"),
            "SLACK_BOT_TOKEN": scene.team.token,
            "SLACK_APP_TOKEN": APP_TOKEN,
            "SLACK_HOST": "127.0.0.1",
            "SLACK_PORT": "0",
            "RECCOBEATS_URL": loopback.url,
            "OEMBED_URL": NOBODY,
            "PYTHONPATH": os.pathsep.join([str(folder / "site"), str(ROOT)]),
        }

    @asynccontextmanager
    async def running(self, **more: str) -> AsyncIterator[asyncio.subprocess.Process]:
        """Start the bot; it does not outlive the block."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", "--platform", "slack",
            cwd=self._folder, env=self._environment | more,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        try:
            yield process
        finally:
            if process.returncode is None:
                process.kill()
                await process.communicate()


async def ended(process: asyncio.subprocess.Process) -> tuple[int | None, str, str]:
    """Wait for the end of a process; return its exit code and what it wrote."""
    async with asyncio.timeout(TIME_LIMIT):
        out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()


async def first_line(process: asyncio.subprocess.Process) -> str:
    """Wait for the line that says that the bot is up."""
    assert process.stdout is not None
    async with asyncio.timeout(TIME_LIMIT):
        return (await process.stdout.readline()).decode()


def warnings_of(err: str) -> list[str]:
    """Return what stands in a log besides information."""
    return [line for line in err.splitlines() if " INFO " not in line]


def slow(loopback: Loopback) -> tuple[asyncio.Event, asyncio.Event]:
    """Let a track be found once the second event is set; the first says that it is asked for."""
    asked, proceed = asyncio.Event(), asyncio.Event()
    found = {"id": "u", "href": SLOW, "trackTitle": "Stranger", "durationMs": 200_000,
             "artists": [{"name": "Somebody"}], "isrc": "X"}  # fmt: skip

    async def answer(_: web.Request) -> web.Response:
        asked.set()
        await proceed.wait()
        return web.json_response({"content": [found]})

    loopback.answer("/v1/track", answer)
    loopback.json("/v1/audio-features", {"content": [{**found, **MEASURED}]})
    return asked, proceed


@pytest.fixture
def bot(scene: Scene, tmp_path: Path, loopback: Loopback) -> Bot:
    return Bot(scene, tmp_path, loopback)


@pytest.mark.parametrize("wrong", ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"])
@pytest.mark.parametrize("token", ["xoxb-hush-wrong", "hush \N{SNOWMAN}"])
async def test_a_wrong_token_ends_in_one_sentence_and_exit_code_78(
    bot: Bot, wrong: str, token: str
) -> None:
    async with bot.running(**{wrong: token}) as process:
        code, out, err = await ended(process)
    assert code == 78
    assert len(err.strip().splitlines()) == 1
    assert wrong in err
    assert "docs/slack.md" in err
    assert "hush" not in out + err


@pytest.mark.parametrize(
    ("missing", "named"),
    [
        ({"SLACK_BOT_TOKEN": ""}, "SLACK_BOT_TOKEN"),
        ({"SLACK_APP_TOKEN": ""}, "SLACK_SIGNING_SECRET"),
        (
            {"SLACK_BOT_TOKEN": "", "SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "hush-hush"},
            "SLACK_TOKEN_KEY",
        ),
    ],
    ids=["bot token", "app token", "key"],
)
async def test_what_is_missing_ends_in_one_sentence_and_exit_code_78(
    bot: Bot, missing: dict[str, str], named: str
) -> None:
    async with bot.running(**missing) as process:
        code, _, err = await ended(process)
    assert code == 78
    assert len(err.strip().splitlines()) == 1
    assert named in err
    assert "hush" not in err


@pytest.mark.parametrize("by", ["socket", "http"])
async def test_a_card_that_is_being_made_at_sigterm_arrives_before_the_process_ends(
    bot: Bot, scene: Scene, loopback: Loopback, by: str
) -> None:
    asked, proceed = slow(loopback)
    more = {} if by == "socket" else {"SLACK_APP_TOKEN": "", "SLACK_SIGNING_SECRET": SIGNING_SECRET}
    async with bot.running(**more) as process:
        line = await first_line(process)
        if by == "http":
            scene.stub.deliveries.processes.append(line.split()[-1].removesuffix("/slack/events"))
        _, told = scene.actions.post(scene.music, scene.ada, SLOW)
        await scene.within_timeout(asked.wait())
        await scene.stub.wait_for_acks(told)
        process.send_signal(signal.SIGTERM)
        proceed.set()
        code, _, err = await ended(process)
    (card,) = scene.stub.messages(scene.music)
    assert "Stranger" in text_of(card)
    (file,) = scene.stub.state.files.values()
    assert (file.data or b"").startswith(b"\x89PNG")
    assert code == 0
    assert warnings_of(err) == []


async def test_a_process_that_was_killed_goes_on_where_it_was(bot: Bot, scene: Scene) -> None:
    async with bot.running() as process:
        await scene.stub.wait_for_socket()
        _, told = scene.actions.post(scene.music, scene.ada, LINK)
        (card,) = await scene.stub.wait_for_messages(scene.music)
        await scene.stub.wait_for_calls("reactions.add", 4)
        process.kill()
        await process.wait()
        await scene.stub.until(lambda: not scene.stub.deliveries.sockets)
    missed = scene.actions.react(scene.music, card["ts"], scene.bob, "saxophone")
    async with bot.running() as process:
        line = await first_line(process)
        for delivery in told:
            scene.stub.deliveries.resend(delivery)
        await scene.stub.wait_for_acks([*told, *missed])
        await scene.wait_for_text(card, "jazz (1)")
        await scene.barrier()
        process.terminate()
        code, out, err = await ended(process)
    assert (code, warnings_of(err)) == (0, [])
    assert line == "Slack: connected by Socket Mode\n"
    assert len(scene.stub.messages(scene.music)) == 2  # the card, and the barrier's hint
    assert "hush" not in out + err


async def test_two_processes_behind_a_round_robin_answer_each_message_once(
    bot: Bot, scene: Scene
) -> None:
    by_http = {"SLACK_APP_TOKEN": "", "SLACK_SIGNING_SECRET": SIGNING_SECRET}
    rooms = [scene.actions.channel(scene.team) for _ in range(4)]
    async with bot.running(**by_http) as one, bot.running(**by_http) as other:
        for process in (one, other):
            line = await first_line(process)
            scene.stub.deliveries.processes.append(line.split()[-1].removesuffix("/slack/events"))
        for room in rooms:
            # Each is told of in three events, so the processes take turns at being the first.
            scene.actions.post(room, scene.ada, f"{scene.mention} {LINK}")
        await scene.stub.wait_for_calls("reactions.add", OFFERED_REACTIONS * len(rooms))
        told = list(scene.stub.deliveries.all)
        await scene.stub.wait_for_acks(told)
        for delivery in told:
            scene.stub.deliveries.resend(delivery)
        await scene.stub.wait_for_acks(told)
        await scene.barrier()
        for process in (one, other):
            process.terminate()
            code, _, err = await ended(process)
            assert (code, warnings_of(err)) == (0, [])
    assert [len(scene.stub.messages(room)) for room in rooms] == [1] * len(rooms)
    assert len(scene.stub.state.files) == len(rooms)
