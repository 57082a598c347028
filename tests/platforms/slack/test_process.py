"""`python -m bot run --platform slack` as a process connected to the stub."""

import asyncio
import os
import signal
from asyncio.subprocess import Process
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest
from aiohttp import web

from tests.platforms.slack.scene import OFFERED_REACTIONS, Scene, text_of
from tests.stubs.slack import subprocess_environment
from tests.stubs.slack.state import APP_TOKEN, SIGNING_SECRET
from tests.support.bot_process import (
    ROOT,
    TIME_LIMIT,
    bot_environment,
    first_line,
    running_bot,
    wait_for_exit,
    warnings_of,
)
from tests.support.fake_app import LINK
from tests.support.loopback import Loopback

UNKNOWN_TRACK = "5CQ30WqJwcep0pYcV4AMNc"
UNKNOWN_LINK = f"https://open.spotify.com/track/{UNKNOWN_TRACK}"
MEASURED = {
    "acousticness": 0.05, "danceability": 0.88, "energy": 0.62, "instrumentalness": 0.0,
    "key": 6, "liveness": 0.11, "loudness": -5.6, "mode": 1, "speechiness": 0.1, "tempo": 136.0,
    "valence": 0.64,
}  # fmt: skip


class Bot:
    """Starts processes of the bot with one data folder."""

    def __init__(self, scene: Scene, folder: Path, loopback: Loopback) -> None:
        scene.stub.timeout = TIME_LIMIT
        (folder / "site").mkdir()
        self._folder = folder
        self._environment = bot_environment(
            folder,
            subprocess_environment.environment(scene.stub, folder / "site"),
            SLACK_BOT_TOKEN=scene.team.token,
            SLACK_APP_TOKEN=APP_TOKEN,
            SLACK_HOST="127.0.0.1",
            SLACK_PORT="0",
            RECCOBEATS_URL=loopback.url,
            PYTHONPATH=os.pathsep.join([str(folder / "site"), str(ROOT)]),
        )

    def running(self, **variables: str) -> AbstractAsyncContextManager[Process]:
        """Start the bot; kill it at the end of the block if it is still running."""
        environment = self._environment | variables
        return running_bot("--platform", "slack", folder=self._folder, environment=environment)


def blocked_source(loopback: Loopback) -> tuple[asyncio.Event, asyncio.Event]:
    """Block the reply of the feature source.

    Return an event that is set when it is requested, and one that lets it reply.
    """
    requested, proceed = asyncio.Event(), asyncio.Event()
    found = {"id": "u", "href": UNKNOWN_LINK, "trackTitle": "Unknown", "durationMs": 200_000,
             "artists": [{"name": "Somebody"}], "isrc": "X"}  # fmt: skip

    async def answer(_: web.Request) -> web.Response:
        requested.set()
        await proceed.wait()
        return web.json_response({"content": [found]})

    loopback.answer("/v1/track", answer)
    loopback.json("/v1/audio-features", {"content": [{**found, **MEASURED}]})
    return requested, proceed


@pytest.fixture
def bot(scene: Scene, tmp_path: Path, loopback: Loopback) -> Bot:
    return Bot(scene, tmp_path, loopback)


@pytest.mark.parametrize("wrong", ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"])
@pytest.mark.parametrize("token", ["xoxb-hush-wrong", "hush \N{SNOWMAN}"])
async def test_invalid_token_ends_with_one_sentence_and_exit_code_78(
    bot: Bot, wrong: str, token: str
) -> None:
    async with bot.running(**{wrong: token}) as process:
        code, out, err = await wait_for_exit(process)
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
async def test_missing_setting_ends_with_one_sentence_and_exit_code_78(
    bot: Bot, missing: dict[str, str], named: str
) -> None:
    async with bot.running(**missing) as process:
        code, _, err = await wait_for_exit(process)
    assert code == 78
    assert len(err.strip().splitlines()) == 1
    assert named in err
    assert "hush" not in err


@pytest.mark.parametrize("by", ["socket", "http"])
async def test_card_in_progress_at_sigterm_is_sent_before_the_process_ends(
    bot: Bot, scene: Scene, loopback: Loopback, by: str
) -> None:
    requested, proceed = blocked_source(loopback)
    variables = (
        {} if by == "socket" else {"SLACK_APP_TOKEN": "", "SLACK_SIGNING_SECRET": SIGNING_SECRET}
    )
    async with bot.running(**variables) as process:
        line = await first_line(process)
        if by == "http":
            scene.stub.deliveries.processes.append(line.split()[-1].removesuffix("/slack/events"))
        _, deliveries = scene.actions.post(scene.music, scene.ada, UNKNOWN_LINK)
        await scene.within_timeout(requested.wait())
        await scene.stub.wait_for_acks(deliveries)
        process.send_signal(signal.SIGTERM)
        proceed.set()
        code, _, err = await wait_for_exit(process)
    (card,) = scene.stub.messages(scene.music)
    assert "Unknown" in text_of(card)
    (file,) = scene.stub.state.files.values()
    assert (file.data or b"").startswith(b"\x89PNG")
    assert code == 0
    assert warnings_of(err) == []


async def test_killed_process_continues_after_a_restart(bot: Bot, scene: Scene) -> None:
    async with bot.running() as process:
        await scene.stub.wait_for_socket()
        _, deliveries = scene.actions.post(scene.music, scene.ada, LINK)
        (card,) = await scene.stub.wait_for_messages(scene.music)
        await scene.stub.wait_for_calls("reactions.add", 4)
        process.kill()
        await process.wait()
        await scene.stub.until(lambda: not scene.stub.deliveries.sockets)
    missed = scene.actions.react(scene.music, card["ts"], scene.bob, "saxophone")
    async with bot.running() as process:
        line = await first_line(process)
        for delivery in deliveries:
            scene.stub.deliveries.resend(delivery)
        await scene.stub.wait_for_acks([*deliveries, *missed])
        await scene.wait_for_text(card, "1 says jazz.")
        await scene.barrier()
        process.terminate()
        code, out, err = await wait_for_exit(process)
    assert (code, warnings_of(err)) == (0, [])
    assert line == "Slack: connected by Socket Mode\n"
    assert len(scene.stub.messages(scene.music)) == 2  # the card, and the barrier's hint
    assert "hush" not in out + err


async def test_two_processes_answer_each_message_once(bot: Bot, scene: Scene) -> None:
    by_http = {"SLACK_APP_TOKEN": "", "SLACK_SIGNING_SECRET": SIGNING_SECRET}
    channels = [scene.actions.channel(scene.team) for _ in range(4)]
    async with bot.running(**by_http) as one, bot.running(**by_http) as other:
        for process in (one, other):
            line = await first_line(process)
            scene.stub.deliveries.processes.append(line.split()[-1].removesuffix("/slack/events"))
        for channel in channels:
            # Each message has three events, so that both processes receive some of them first.
            scene.actions.post(channel, scene.ada, f"{scene.mention} {LINK}")
        await scene.stub.wait_for_calls("reactions.add", OFFERED_REACTIONS * len(channels))
        deliveries = list(scene.stub.deliveries.all)
        await scene.stub.wait_for_acks(deliveries)
        for delivery in deliveries:
            scene.stub.deliveries.resend(delivery)
        await scene.stub.wait_for_acks(deliveries)
        await scene.barrier()
        for process in (one, other):
            process.terminate()
            code, _, err = await wait_for_exit(process)
            assert (code, warnings_of(err)) == (0, [])
    assert [len(scene.stub.messages(channel)) for channel in channels] == [1] * len(channels)
    assert len(scene.stub.state.files) == len(channels)
