"""Many visitors of the web page at once, each of whom asks for one song."""

import asyncio
import json
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import aiohttp

from bot.platforms.web import security
from bot.sources import embedded_songs

SEED = 7
ZIPF_EXPONENT = 1.0

Headers = Callable[[int], Mapping[str, str]]
"""Returns the headers of all requests of a visitor."""


@dataclass(frozen=True, slots=True)
class Visit:
    """What a visitor got; times in seconds.

    Attributes:
        cookie: The visitor's cookie.
        title: Title of the song that was asked for.
        cards: Numbers and titles of the cards in the reply.
        shown: Numbers of the cards in the history afterwards.
        first_byte: Time from the request to the first byte of the page.
        card: Time from the visit to the card, with page, history and reply.
    """

    cookie: str
    title: str
    cards: Sequence[tuple[int, str]]
    shown: Sequence[int]
    first_byte: float
    card: float


def address_of(number: int) -> Mapping[str, str]:
    """Return what a proxy says about a visitor: an address for each, by which limits count."""
    return {"X-Forwarded-For": f"10.0.{number // 250}.{number % 250 + 1}"}


def no_headers(_: int) -> Mapping[str, str]:
    """Return no headers."""
    return {}


def popular_songs(count: int) -> Sequence[tuple[str, str]]:
    """Return ids and titles of built-in songs as a crowd asks for them, by Zipf's law."""
    songs = [song.track for song in embedded_songs.load() if song.track.spotify_id]
    weights = [1 / rank**ZIPF_EXPONENT for rank in range(1, len(songs) + 1)]
    chosen = random.Random(SEED).choices(songs, weights, k=count)  # noqa: S311 - no secret
    return [(str(song.spotify_id), song.title) for song in chosen]


async def visit(
    session: aiohttp.ClientSession,
    song: tuple[str, str],
    message_id: str,
    headers: Mapping[str, str],
) -> Visit:
    """Open the page as a new visitor, ask for a song, and load the history again.

    `session` keeps no cookies; `headers` are sent with every request. Raises ClientError for a
    reply with another status than 200.
    """
    song_id, title = song
    start = time.perf_counter()
    async with session.get("/", headers=headers) as response:
        first_byte = time.perf_counter() - start
        await response.read()
    async with session.get("/api/history", headers=headers) as response:
        if (await response.json())["shown"]:
            raise ValueError("a new visitor has a history")
        cookie = response.cookies[security.COOKIE].value
    own = {**headers, "Cookie": f"{security.COOKIE}={cookie}"}
    body = {"id": message_id, "text": f"https://open.spotify.com/track/{song_id}"}
    async with session.post("/api/messages", json=body, headers=own) as response:
        replies = json.loads(await response.read())["replies"]
    card = time.perf_counter() - start
    async with session.get("/api/history", headers=own) as response:
        shown = (await response.json())["shown"]
    return Visit(
        cookie,
        title,
        [(one["id"], one["track"]["title"]) for one in replies],
        [one["card"]["id"] for one in shown],
        first_byte,
        card,
    )


async def visit_all(
    address: str,
    count: int,
    connections: int,
    headers: Headers = no_headers,
) -> Sequence[Visit]:
    """Let `count` visitors come at once, on so many connections together."""
    songs = popular_songs(count)
    connector = aiohttp.TCPConnector(limit=connections)
    async with aiohttp.ClientSession(
        address,
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        raise_for_status=True,
    ) as session:
        visits = (
            visit(session, song, f"message-{number % 10}", headers(number))
            for number, song in enumerate(songs)
        )
        return await asyncio.gather(*visits)
