"""Starts, kills and restarts local-slack, each time in a network namespace of its own.

A namespace for the stand-in alone, rather than for a whole child pytest: the tests stay ordinary
ones, selected, reported and debugged like all others, and the scenario can use it, too. Sockets
with a name in the file system lead into it; nothing else does.
"""

import asyncio
import json
import os
import platform
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import aiohttp
import pytest
from aiohttp import web

from bot.platforms.slack.credentials import Credentials
from tests.stubs.local_slack.inside import BOT
from tests.stubs.local_slack.relay import EVENTS, Relay

HERE: Final = Path(__file__).parent
BINARY: Final = Path("node_modules/local-slack-linux-x64/bin/local-slack")
INSTALLED: Final = HERE.parents[2] / ".venv" / "stand-ins" / "local-slack" / BINARY

TEAM: Final = "T01TEST"
BOT_USER: Final = "U0BOT"
BOT_TOKEN: Final = "xoxb-test"  # noqa: S105 - the stand-in's
APP_TOKEN: Final = "xapp-test"  # noqa: S105 - the same
SIGNING_SECRET: Final = "signed"  # noqa: S105 - the same

ANN: Final = "U01ANN"
BEN: Final = "U02BEN"
MUSIC: Final = "C01MUSIC"
JAZZ: Final = "C02JAZZ"


class StandIn:
    """A Slack with a workspace of two people, two channels and the bot.

    It speaks to the bot by Socket Mode, or else posts its events to where `bot_is_at`. Killed, it
    forgets everything; it comes back at the same address. `requests` carries the bot's.
    """

    def __init__(self, *, by_socket: bool, folder: Path) -> None:
        self.by_socket = by_socket
        self._folder = folder
        self._process: asyncio.subprocess.Process | None = None
        self._port = 0
        self.requests = Relay(aiohttp.UnixConnector(str(folder / "slack")), "http://slack")
        self._to_bot = Relay(aiohttp.TCPConnector(), "http://127.0.0.1:1")

    @property
    def credentials(self) -> Credentials:
        """What the bot is given; one of its two ways is closed."""
        return Credentials(
            bot_token=BOT_TOKEN,
            app_token=APP_TOKEN if self.by_socket else None,
            signing_secret=None if self.by_socket else SIGNING_SECRET,
            url=f"http://127.0.0.1:{self._port}/api/",
        )

    @property
    def events(self) -> Relay:
        """What events come through."""
        return self.requests if self.by_socket else self._to_bot

    def session(self) -> aiohttp.ClientSession:
        """Lend a client that reaches the stand-in directly, not through the relay."""
        return aiohttp.ClientSession(
            "http://slack", connector=aiohttp.UnixConnector(str(self._folder / "slack"))
        )

    def bot_is_at(self, url: str) -> None:
        """Say where events are to be posted."""
        self._to_bot.there = url

    async def start(self) -> None:
        """Start the stand-in anew; returns when it listens."""
        config = self._folder / "config.json"
        config.write_text(json.dumps(_workspace(by_socket=self.by_socket)))
        program = [sys.executable, str(HERE / "inside.py"), str(INSTALLED), str(config)]
        self._process = await asyncio.create_subprocess_exec(
            *_unshare(),
            *program,
            str(self._port),
            str(self._folder),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
        assert self._process.stdout is not None
        assert await self._process.stdout.readline() == b"ready\n"

    async def kill(self) -> None:
        """Kill the stand-in, as a power cut does."""
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGKILL)
        await self._process.wait()

    @asynccontextmanager
    async def running(self) -> AsyncIterator["StandIn"]:
        to_slack = web.AppRunner(self.requests.app(), access_log=None, shutdown_timeout=0)
        to_bot = web.AppRunner(self._to_bot.app(), access_log=None, shutdown_timeout=0)
        await to_slack.setup()
        await to_bot.setup()
        try:
            await web.TCPSite(to_slack, "127.0.0.1", 0).start()
            await web.UnixSite(to_bot, str(self._folder / "bot")).start()
            self._port = to_slack.addresses[0][1]
            await self.start()
            yield self
        finally:
            if self._process and self._process.returncode is None:
                await self.kill()
            await to_slack.cleanup()
            await to_bot.cleanup()
            await self.requests.close()
            await self._to_bot.close()


@asynccontextmanager
async def stand_in(*, by_socket: bool) -> AsyncIterator[StandIn]:
    """Run a stand-in, or skip the test where there is none."""
    if reason := unavailable():
        pytest.skip(reason)
    # A name in the file system must be short for a socket: pytest's folders are too deep.
    with TemporaryDirectory(prefix="slack-") as folder:
        async with StandIn(by_socket=by_socket, folder=Path(folder)).running() as slack:
            yield slack


@cache
def unavailable() -> str | None:
    """Say why local-slack cannot run here; None when it can."""
    if (sys.platform, platform.machine()) != ("linux", "x86_64"):
        return "local-slack needs Linux on x86-64"
    if not INSTALLED.is_file():
        return "local-slack is not here: make stand-ins, which needs npm"
    if not _unshare():
        return "local-slack needs a network namespace, and `unshare` makes none here"
    return None


@cache
def _unshare() -> Sequence[str]:
    """Return how a network namespace is entered: as its own root, or where that is barred, ours."""
    if shutil.which("unshare"):
        for command in (["unshare", "--map-root-user", "--net"], ["unshare", "--net"]):
            done = subprocess.run([*command, "true"], check=False, capture_output=True)
            if done.returncode == 0:
                return command
    return []


def _workspace(*, by_socket: bool) -> dict[str, Any]:
    return {
        "workspace": {"name": "Test", "domain": "test", "teamId": TEAM},
        "apps": [
            {
                "appId": "A01APP",
                "botUserId": BOT_USER,
                "botName": "soundslike",
                "botToken": BOT_TOKEN,
                "appToken": APP_TOKEN,
                "signingSecret": SIGNING_SECRET,
                "mode": "socket" if by_socket else "events",
                "requestUrl": f"http://127.0.0.1:{BOT}{EVENTS}",
            }
        ],
        "users": [{"id": ANN, "name": "ann"}, {"id": BEN, "name": "ben"}],
        "channels": [
            {"id": MUSIC, "name": "music", "members": [ANN, BEN, BOT_USER]},
            {"id": JAZZ, "name": "jazz", "members": [ANN, BEN, BOT_USER]},
        ],
    }
