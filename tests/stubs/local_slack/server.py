"""Starts, kills and restarts local-slack, a mock Slack server, in a network namespace.

Only local-slack runs in the namespace, not pytest, so that its tests are selected, reported and
debugged like all others. Unix sockets in the file system are the only connection into it.
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
from tests.stubs.local_slack.namespace import BOT_PORT
from tests.stubs.local_slack.relay import EVENTS, Relay
from tests.support import stand_ins

HERE: Final = Path(__file__).parent
BINARY: Final = Path("node_modules/local-slack-linux-x64/bin/local-slack")
INSTALLED: Final = stand_ins.FOLDER / "local-slack" / BINARY

TEAM: Final = "T01TEST"
BOT_USER: Final = "U0BOT"
BOT_TOKEN: Final = "xoxb-test"  # noqa: S105 - not a real one
APP_TOKEN: Final = "xapp-test"  # noqa: S105 - not a real one
SIGNING_SECRET: Final = "signed"  # noqa: S105 - not a real one

ANN: Final = "U01ANN"
BEN: Final = "U02BEN"
MUSIC: Final = "C01MUSIC"
JAZZ: Final = "C02JAZZ"


class LocalSlack:
    """A local-slack process with a workspace of two people, two channels and the bot.

    It keeps its state in memory only, so that a restart begins with an empty workspace at the same
    address.

    Attributes:
        by_socket: Whether it sends events by Socket Mode, or else by HTTP to the bot's address.
        requests: Relay for the bot's requests, including Socket Mode.
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
        """The bot's credentials, for one of the two ways of receiving events."""
        return Credentials(
            bot_token=BOT_TOKEN,
            app_token=APP_TOKEN if self.by_socket else None,
            signing_secret=None if self.by_socket else SIGNING_SECRET,
            url=f"http://127.0.0.1:{self._port}/api/",
        )

    @property
    def events(self) -> Relay:
        """Relay that events pass through."""
        return self.requests if self.by_socket else self._to_bot

    def session(self) -> aiohttp.ClientSession:
        """Return a client that connects to local-slack without the relay."""
        return aiohttp.ClientSession(
            "http://slack", connector=aiohttp.UnixConnector(str(self._folder / "slack"))
        )

    def set_bot_url(self, url: str) -> None:
        """Set the address to which events are posted."""
        self._to_bot.upstream = url

    async def start(self) -> None:
        """Start local-slack and wait until it listens."""
        config = self._folder / "config.json"
        config.write_text(json.dumps(_workspace(by_socket=self.by_socket)))
        program = [sys.executable, str(HERE / "namespace.py"), str(INSTALLED), str(config)]
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
        """Kill local-slack with SIGKILL."""
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGKILL)
        await self._process.wait()

    @asynccontextmanager
    async def running(self) -> AsyncIterator["LocalSlack"]:
        """Run local-slack and its relays until the end of the block."""
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
async def local_slack(*, by_socket: bool) -> AsyncIterator[LocalSlack]:
    """Run local-slack, or skip the test if it is unavailable."""
    if reason := unavailable():
        pytest.skip(reason)
    # The path of a Unix socket must be short; those of pytest's folders are too long.
    with TemporaryDirectory(prefix="slack-") as folder:
        async with LocalSlack(by_socket=by_socket, folder=Path(folder)).running() as slack:
            yield slack


@cache
def unavailable() -> str | None:
    """Return why local-slack is unavailable; None if it is available."""
    if (sys.platform, platform.machine()) != ("linux", "x86_64"):
        return "local-slack needs Linux on x86-64"
    if not INSTALLED.is_file():
        return "local-slack is not installed: run `make stand-ins`, which needs npm"
    if not _unshare():
        return "local-slack needs a network namespace, which `unshare` cannot create here"
    return None


@cache
def _unshare() -> Sequence[str]:
    """Return the command that runs a program in a new network namespace; empty without one.

    A user namespace needs no privileges; where it is forbidden, root needs none.
    """
    if shutil.which("unshare"):
        for command in (["unshare", "--map-root-user", "--net"], ["unshare", "--net"]):
            result = subprocess.run([*command, "true"], check=False, capture_output=True)
            if result.returncode == 0:
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
                "requestUrl": f"http://127.0.0.1:{BOT_PORT}{EVENTS}",
            }
        ],
        "users": [{"id": ANN, "name": "ann"}, {"id": BEN, "name": "ben"}],
        "channels": [
            {"id": MUSIC, "name": "music", "members": [ANN, BEN, BOT_USER]},
            {"id": JAZZ, "name": "jazz", "members": [ANN, BEN, BOT_USER]},
        ],
    }
