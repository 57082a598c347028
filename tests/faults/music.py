"""Stand-in for the music service: knows every track id, and fails on demand."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from enum import Enum

from aiohttp import web
from aiohttp.test_utils import TestServer

ID_LENGTH = 22
SLOW_SECONDS = 3.0


Row = Callable[[str], dict[str, object]]
"""Returns what the service knows of a track."""


class Mode(Enum):
    """How requests are answered."""

    GOOD = "good"
    ERROR = "status 500"
    BUSY = "status 429"
    GARBAGE = "no JSON"
    WRONG = "JSON of another shape"
    CUT = "connection lost"
    SLOW = "after 3 s"
    HELD = "not before the mode changes"


def track_id(number: int) -> str:
    """Return the id of a track: 22 characters, different for each number."""
    return f"{number:022}"


def link(number: int) -> str:
    """Return the link to a track."""
    return f"https://open.spotify.com/track/{track_id(number)}"


def title(number: int) -> str:
    """Return the title of a track."""
    return f"Track {number}"


class MusicService:
    """The service at `url`. `requests` counts the requests."""

    def __init__(self) -> None:
        self.url = ""
        self.requests = 0
        self._mode = Mode.GOOD
        self._changed = asyncio.Event()

    @property
    def mode(self) -> Mode:
        """How requests are answered; a change answers those that are held."""
        return self._mode

    @mode.setter
    def mode(self, mode: Mode) -> None:
        self._mode = mode
        self._changed.set()
        self._changed = asyncio.Event()

    @asynccontextmanager
    async def running(self) -> AsyncIterator["MusicService"]:
        """Serve until the end of the block."""
        app = web.Application()
        app.router.add_get("/v1/track", self._track)
        app.router.add_get("/v1/audio-features", self._features)
        server = TestServer(app, host="127.0.0.1")
        await server.start_server()
        self.url = str(server.make_url("")).rstrip("/")
        try:
            yield self
        finally:
            self.mode = Mode.ERROR
            await server.close()

    async def _track(self, request: web.Request) -> web.StreamResponse:
        return await self._answer(request, _named)

    async def _features(self, request: web.Request) -> web.StreamResponse:
        return await self._answer(request, _sounding)

    async def _answer(self, request: web.Request, row: Row) -> web.StreamResponse:
        self.requests += 1
        if self._mode is Mode.HELD:
            await self._changed.wait()
        tracks = request.query["ids"].split(",")
        match self._mode:
            case Mode.ERROR:
                return web.Response(status=500)
            case Mode.BUSY:
                return web.Response(status=429, headers={"Retry-After": "1"})
            case Mode.GARBAGE:
                return web.Response(body=b"\x00\xff<html>", content_type="application/json")
            case Mode.WRONG:
                return web.json_response({"content": [{"href": tracks, "artists": 7}, None]})
            case Mode.CUT if request.transport:
                request.transport.abort()
            case Mode.SLOW:
                await asyncio.sleep(SLOW_SECONDS)
        return web.json_response({"content": [{**row(one), "href": _href(one)} for one in tracks]})


def _href(track: str) -> str:
    return f"https://open.spotify.com/track/{track}"


def _named(track: str) -> dict[str, object]:
    return {
        "id": "r",
        "trackTitle": title(int(track)),
        "artists": [{"name": "Artist"}],
        "durationMs": 200_000,
    }


def _sounding(track: str) -> dict[str, object]:
    shares = hashlib.sha256(track.encode()).digest()
    names = ("acousticness", "danceability", "energy", "instrumentalness", "liveness",
             "speechiness", "valence")  # fmt: skip
    found = {name: round(share / 255, 3) for name, share in zip(names, shares, strict=False)}
    sound = {"key": shares[8] % 12, "mode": shares[9] % 2, "loudness": -6.0}
    return {**found, **sound, "tempo": 80.0 + shares[10] / 4}
