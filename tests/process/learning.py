"""Two bots on one database and one model store, and the people who correct them."""

import asyncio
import json
import sys
import uuid
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from tests.process.conftest import Completed, Run, free_port
from tests.stubs.music.catalogue import Song
from tests.support.bot_process import next_log_line, running_bot

COOKIE = "soundslike_visitor"
SWAP_SECONDS = 30
"""Longest time until a bot answers with another model."""

NOT_UPDATED = "was not updated: "
"""Words of the log line on a version that is refused."""

COMMAND_SECONDS = 300
"""Longest time of a command; retraining takes a minute."""


class Visitor:
    """A person at the page of a bot, with a cookie of their own."""

    def __init__(self, port: int, letter: str) -> None:
        self._root = f"http://127.0.0.1:{port}"
        self._cookies = {COOKIE: letter * 32}

    async def card(self, song: Song) -> Mapping[str, Any]:
        """Paste a song's link; return the card."""
        body = {"id": uuid.uuid4().hex, "text": f"https://open.spotify.com/track/{song.spotify_id}"}
        (reply,) = (await self._post("/api/messages", body))["replies"]
        assert reply["type"] == "card", reply
        return dict(reply)

    async def vote(self, card: Mapping[str, Any], genre: str) -> Mapping[str, Any]:
        """Correct a card."""
        body = {"card": card["id"], "kind": "choice", "genre": genre, "added": True}
        return await self._post("/api/votes", body)

    async def _post(self, path: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        async with (
            aiohttp.ClientSession(self._root, cookies=self._cookies) as session,
            session.post(path, json=body) as response,
        ):
            assert response.status == 200, await response.text()
            return dict(await response.json())


@dataclass(frozen=True)
class Bot:
    """A running bot."""

    port: int
    process: asyncio.subprocess.Process

    def visitor(self, letter: str) -> Visitor:
        """Return a person at its page."""
        return Visitor(self.port, letter)

    async def version(self, song: Song) -> str:
        """Return the version of the model that answers, as the details of a card say."""
        card = await self.visitor("f").card(song)
        words = " ".join(card["details"]).split()
        return str(words[words.index("Model:") + 2].rstrip("."))

    async def genre(self, song: Song) -> str:
        """Return the genre with which a song is answered."""
        card = await self.visitor("f").card(song)
        return str(max(card["genres"], key=lambda bar: float(bar["share"]))["genre"])

    async def serves(self, version: str, song: Song) -> None:
        """Wait until a version answers; each question on the way is answered."""
        async with asyncio.timeout(SWAP_SECONDS):
            while await self.version(song) != version:
                continue

    async def refuses(self, why: str) -> None:
        """Wait for the next log line with which a version is refused for that reason."""
        async with asyncio.timeout(SWAP_SECONDS):
            line = ""
            while not (NOT_UPDATED in line and why in line):
                line = await next_log_line(self.process)
                assert line, "the bot has ended"


@asynccontextmanager
async def bot(folder: Path, environment: Mapping[str, str]) -> AsyncIterator[Bot]:
    """Run a bot with a data folder of its own."""
    port = free_port()
    own = {"WEB_PORT": str(port), "DATA_DIR": str(folder / "var")}
    variables = dict(environment) | own
    async with running_bot("--platform", "web", folder=folder, environment=variables) as process:
        assert process.stdout is not None
        await process.stdout.readline()
        yield Bot(port, process)


async def correct(
    bots: Sequence[Bot], songs: Sequence[Song], genres: Iterable[str], letters: str
) -> list[str]:
    """Let people vote for a genre of each song, in turns at the bots; return what cards said."""
    shown = []
    for song, genre in zip(songs, genres, strict=False):
        for number, letter in enumerate(letters):
            person = bots[number % len(bots)].visitor(letter)
            card = await person.card(song)
            await person.vote(card, genre)
        shown.append(card["genres"][0]["genre"])
    return shown


def command(folder: Path, environment: Mapping[str, str]) -> Run:
    """Return a function that runs `python -m MODULE ARGUMENTS...` in an environment."""

    async def start(*arguments: str) -> Completed:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", *arguments, cwd=folder, env=environment, stdout=PIPE, stderr=PIPE
        )
        async with asyncio.timeout(COMMAND_SECONDS):
            out, err = await process.communicate()
        assert process.returncode is not None
        return Completed(process.returncode, out.decode(), err.decode())

    return start


async def models(run: Run, *arguments: str) -> Any:
    """Run a command of `models` with --json; return what it prints."""
    done = await run("soundslike", "models", *arguments, "--json")
    assert done.code == 0, done.err
    return json.loads(done.out)
