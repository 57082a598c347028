"""Measures how often a song is found by its name as people type it.

Songs of the training tables are in the stand-ins of Deezer, ReccoBeats, iTunes and MusicBrainz,
each with karaoke, covers, live, sped-up and other versions, some of which are more popular than the
original. The baseline is the search before: titles in ReccoBeats, the first result.

python -m tests.bench.search [COUNT]
"""

import asyncio
import csv
import os
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import aiohttp

from bot.domain.tracks import Track
from bot.services.search import SearchService
from bot.sources.deezer import DeezerLookup
from bot.sources.embedded_songs import EmbeddedSongs
from bot.sources.http_client import HttpService
from bot.sources.itunes import ITunesSearch
from bot.sources.musicbrainz import MusicBrainz
from bot.sources.reccobeats import ReccoBeatsLookup
from tests.bench.table import Row, milliseconds, show
from tests.stubs.music.catalogue import merged, song
from tests.stubs.music.world import MusicWorld
from tests.support.song_mutations import Named, Typed, typed_searches
from tests.support.song_versions import Found, catalogue, is_right

MUTATIONS: Final = 1000
SEED: Final = 13
BACKGROUND: Final = 5000
"""Further songs that the services know."""

GOAL: Final = 0.95
AGENT: Final = "Soundslike/test ( test@example.org )"

NOT_ORIGINAL: Final = re.compile(
    r"remix|live|karaoke|version|edit|remaster|mix\b|acoustic|instrumental|cover|demo|sped|slowed|"
    r"tribute|medley|reprise|extended|\b8d\b",
    re.IGNORECASE,
)
"""Titles that may be another version are not in the test: which recording is meant is unknown."""

FEATURED: Final = re.compile(r"\s+(?:Featuring|Feat\.?|Ft\.?|With)\s+", re.IGNORECASE)


def measure(count: int = MUTATIONS, *, tell: bool = False) -> Iterator[Row]:
    """Yield the share of songs found, and the requests of a search.

    With `tell`, print the searches that found another song.
    """
    tables = Path(os.environ.get("SOUNDSLIKE_TABLES", Path("..") / "shared" / "data"))
    songs = read_songs(tables) if tables.is_dir() else []
    if not songs:
        yield Row("song found by name", f"skipped: no tables in {tables}", "", "95 %", None)
        return
    yield from asyncio.run(compare(songs, count, tell=tell))


def read_songs(tables: Path) -> list[Named]:
    """Return the original recordings that the tables name, in a fixed order."""
    found: dict[tuple[str, str], Named] = {}
    for path, title, artist in (
        ("tidytuesday/2021-09-14/audio_features.csv", "song", "performer"),
        ("extra/classic_hits.csv", "Track", "Artist"),
        ("extra/curated_tracks.csv", "title", "artist"),
    ):
        with (tables / path).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                named = Named(row[title].strip(), tuple(FEATURED.split(row[artist].strip())))
                known = named.title and all(named.artists) and not named.artists[0].startswith("[")
                if known and not NOT_ORIGINAL.search(named.title):
                    key = named.title.casefold(), named.artists[0].casefold()
                    found.setdefault(key, named)
    return sorted(found.values())


@dataclass
class Result:
    """How many searches found the song that was meant.

    Attributes:
        first: Found as the only answer.
        offered: Offered first of several.
        later: Offered, but not first.
        missed: Searches that found another song, or nothing.
        seconds: Duration of each search.
    """

    first: int
    offered: int
    later: int
    missed: list[tuple[Typed, str]]
    seconds: list[float]

    @property
    def share(self) -> float:
        """Share of searches with the right song first."""
        return (self.first + self.offered) / max(1, len(self.seconds))


Search = Callable[[str], Awaitable[tuple[Track | None, Sequence[Track]]]]


async def tested(searches: Sequence[Typed], right: Found, search: Search) -> Result:
    """Search for each text, and count what is found."""
    result = Result(0, 0, 0, [], [])
    for typed in searches:
        start = time.perf_counter()
        best, close = await search(typed.text)
        result.seconds.append(time.perf_counter() - start)
        tracks = [best] if best else list(close)
        hits = [is_right(track, typed, right) for track in tracks]
        if hits[:1] == [True]:
            result.first += best is not None
            result.offered += best is None
            continue
        result.later += any(hits)
        result.missed.append((typed, "; ".join(f"{t.title} / {t.artists}" for t in tracks[:2])))
    return result


def new_search(apis: MusicWorld, session: aiohttp.ClientSession) -> SearchService:
    """Return the search with its steps as the bot has them, without built-in songs and Spotify."""
    return SearchService(
        built_in=EmbeddedSongs([]),
        fast=[DeezerLookup(_service("deezer", apis.deezer.url, session))],
        others=[
            [
                ReccoBeatsLookup(_service("reccobeats", apis.reccobeats.url, session)),
                ITunesSearch(_service("itunes", apis.itunes.url, session)),
            ],
            [MusicBrainz(_service("musicbrainz", apis.musicbrainz.url, session))],
        ],
    )


async def first_title(service: HttpService, text: str) -> Track | None:
    """Return the first result for the text before the last dash, and the artist after it."""
    title, _, artist = text.rpartition(" - ") if " - " in text else (text, "", "")
    named = {"artist": artist.strip()} if artist.strip() else {}
    params = {"searchText": title.strip(), "page": "0", "size": "10"} | named
    reply = await service.get("search", "/v1/track/search", headers=None, **params)
    rows = reply["content"] if reply else []
    ids = (row["href"].rpartition("/")[2] for row in rows)
    return next((Track(spotify_id=one) for one in ids), None)


def _service(name: str, url: str, session: aiohttp.ClientSession) -> HttpService:
    return HttpService(name, url, session, user_agent=AGENT)


async def compare(songs: Sequence[Named], count: int, *, tell: bool) -> list[Row]:
    """Search for mutations of as many songs with both searches, and for titles alone."""
    rng = random.Random(SEED)  # noqa: S311 - test data
    chosen = rng.sample(songs, min(count, len(songs)))
    known, right = catalogue(chosen, rng)
    known += [
        song(one.title, *one.artists) for one in rng.sample(songs, min(BACKGROUND, len(songs)))
    ]
    known = merged(known)
    mutated = list(typed_searches(chosen, count, SEED))
    alone = [Typed(one.title, one, "", ("title alone",)) for one in chosen[: count // 5]]
    async with (
        MusicWorld(known, limits=False).running() as apis,
        aiohttp.ClientSession() as session,
    ):
        service = new_search(apis, session)
        recco = _service("reccobeats", apis.reccobeats.url, session)

        async def ours(text: str) -> tuple[Track | None, Sequence[Track]]:
            matches = await service.find(text)
            return matches.best, matches.close

        async def before(text: str) -> tuple[Track | None, Sequence[Track]]:
            return await first_title(recco, text), []

        result = await tested(mutated, right, ours)
        asked = apis.asked()
        baseline = await tested(mutated, right, before)
        titles, titles_baseline = (
            await tested(alone, right, ours),
            await tested(alone, right, before),
        )
    for typed, found in result.missed if tell else ():
        print(f"  {typed.text!r} ({', '.join(typed.kinds)}): {found or 'nothing'}", file=sys.stderr)
    return [
        *_rows("song found by name, as typed", result, baseline, GOAL),
        *_rows("song found by title alone", titles, titles_baseline, None),
        Row("requests of a search by name", _per_search(asked, count), "", "", None),
    ]


def _rows(what: str, result: Result, baseline: Result, goal: float | None) -> Iterator[Row]:
    kinds = Counter(kind for typed, _ in result.missed for kind in typed.kinds)
    worst = ", ".join(f"{kind} {missed}" for kind, missed in kinds.most_common(3))
    found = (
        f"{result.share:.1%} of {len(result.seconds):,}, {result.offered} of them to choose from"
    )
    yield Row(
        f"{what} (missed: {worst or 'none'})",
        found,
        f"{baseline.share:.1%}",
        f"{goal:.0%}" if goal else "",
        result.share >= goal if goal else None,
    )
    middle = sorted(result.seconds)[len(result.seconds) // 2]
    yield Row("one of these searches, stand-ins included", milliseconds(middle), "", "", None)


def _per_search(asked: Mapping[str, int], count: int) -> str:
    return ", ".join(f"{name} {calls / count:.2f}" for name, calls in asked.items())


if __name__ == "__main__":
    for one in measure(*map(int, sys.argv[1:2]), tell=True):
        show(one)
