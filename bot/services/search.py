"""Use case: find the song that a person names.

Sources are asked in steps, each only if the steps before it found nothing that fits well: first
what is built in, then fast sources side by side, then slower ones, then those with a small budget.
"""

import asyncio
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from bot import texts
from bot.concurrency.single_flight import SingleFlight
from bot.domain import ranking
from bot.domain.errors import Unavailable
from bot.domain.ranking import Matches
from bot.domain.replies import MAX_CHOICES, Choice, Notice, NoticeKind
from bot.domain.song_query import SongQuery
from bot.domain.source_ports import TrackLookup, TrackSearch
from bot.domain.tracks import Track

TIME_LIMIT: Final = 8.0
"""Seconds for a search in all sources."""

STEP_LIMIT: Final = 3.0
"""Seconds for the sources of one step; what is slower is left out."""

SUGGESTION_LIMIT: Final = 1.5
"""Seconds for suggestions: Discord discards those that take 3, and the network takes its share."""

COMPLETION_LIMIT: Final = 2.0
"""Seconds for the ids of a match."""

MAX_SUGGESTIONS: Final = 10

_log = logging.getLogger(__name__)


class Suggestions(NamedTuple):
    """Songs that fit what is being typed, and whether all sources answered in time."""

    tracks: Sequence[Track]
    is_complete: bool


class SearchService:
    """Finds songs by name in several sources.

    Args:
        built_in: Finds songs by their exact names; what it finds is taken without asking others.
        fast: Sources that answer well within a second, the preferred ones first.
        others: Further steps of sources, each asked if the ones before found nothing that fits.
        typed: Sources for suggestions; `fast` unless given.
        complete: Finds ids for a match that has neither a Spotify id nor an ISRC.
        time_limit: Seconds for a search.
    """

    def __init__(
        self,
        *,
        built_in: TrackSearch,
        fast: Sequence[TrackSearch],
        others: Sequence[Sequence[TrackSearch]] = (),
        typed: Sequence[TrackSearch] | None = None,
        complete: TrackLookup | None = None,
        time_limit: float = TIME_LIMIT,
    ) -> None:
        self._built_in = built_in
        self._fast = fast
        self._others = others
        self._typed = fast if typed is None else typed
        self._complete = complete
        self._time_limit = time_limit
        self._searches: SingleFlight[Matches] = SingleFlight()

    async def find(self, text: str) -> Matches:
        """Return the song that a text names, or those that it may name.

        Raises Unavailable if nothing was found and a source could not be asked.
        """
        query = SongQuery.parse(text)
        if not query.words:
            return Matches()
        return await self._searches.get(query.text.casefold(), lambda: self._find(query))

    async def by_name(self, track: Track) -> Track | None:
        """Return the song with a track's title and artists, if one fits clearly.

        The built-in songs are other versions of some songs, so they are asked last. Raises
        Unavailable if none fits and a source could not be asked.
        """
        query = SongQuery.parse(" - ".join([track.title, *track.artists]))
        if not query.words:
            return None
        key = f"name {query.text.casefold()}"
        return (await self._searches.get(key, lambda: self._find_name(query))).best

    async def suggest(self, text: str, seconds: float = SUGGESTION_LIMIT) -> Suggestions:
        """Return songs that fit a text that is still being typed, from what answers in time."""
        found = _Found(SongQuery.parse(text))
        if not found.query.words:
            return Suggestions([], is_complete=True)
        found.add(self._built_in, await self._built_in.search(found.query))
        await _ask(self._typed, [found.query], found, seconds)
        tracks = ranking.suggestions(found.query, found.tracks)[:MAX_SUGGESTIONS]
        return Suggestions(tracks, is_complete=not found.failures)

    async def close(self) -> None:
        """Cancel the searches in progress."""
        await self._searches.close()

    async def _find(self, query: SongQuery) -> Matches:
        if built_in := await self._built_in.search(query):
            return Matches(best=built_in[0], is_sure=True)
        found = _Found(query)
        matches = await self._ask(found)
        if not (matches.best or matches.close) and found.failures:
            raise found.failures[0]
        return matches

    async def _find_name(self, query: SongQuery) -> Matches:
        found = _Found(query)
        matches = await self._ask(found)
        if not matches.best and (built_in := await self._built_in.search(query)):
            return Matches(best=built_in[0], is_sure=True)
        if not matches.best and found.failures:
            raise found.failures[0]
        return matches

    async def _ask(self, found: "_Found") -> Matches:
        """Return what the sources other than the built-in songs find."""
        try:
            async with asyncio.timeout(self._time_limit):
                matches = await self._ask_in_steps(found)
        except TimeoutError:
            reason = f"no answer in {self._time_limit:g} s"
            found.failures.append(Unavailable("the music services", reason))
            matches = found.matches()
        if matches.best:
            return Matches(await self._completed(matches.best), is_sure=matches.is_sure)
        return matches

    async def _ask_in_steps(self, found: "_Found") -> Matches:
        query = found.query
        await _ask(self._fast, [query], found, STEP_LIMIT)
        matches = found.matches()
        if not matches.best and not matches.is_sure and query.relaxed:
            await _ask(self._fast, query.relaxed, found, STEP_LIMIT)
            matches = found.matches()
        for step in self._others:
            if matches.is_sure:
                break
            await _ask(step, [query], found, STEP_LIMIT)
            matches = found.matches()
        return matches

    async def _completed(self, track: Track) -> Track:
        """Return a match with ids, if it has none by which features are known."""
        if self._complete is None or track.spotify_id or track.isrc:
            return track
        try:
            async with asyncio.timeout(COMPLETION_LIMIT):
                found = await self._complete.get(track)
        except (Unavailable, TimeoutError) as error:
            _log.info("no ids for a match: %s: %s", type(error).__name__, error)
            return track
        return track.merge(found) if found else track


@dataclass(slots=True)
class _Found:
    """What the sources found for a search, and the failures of those that found nothing."""

    query: SongQuery
    by_source: dict[str, dict[Track, None]] = field(default_factory=dict)
    failures: list[Unavailable] = field(default_factory=list)

    def add(self, source: TrackSearch, tracks: Iterable[Track]) -> None:
        self.by_source.setdefault(source.name, {}).update(dict.fromkeys(tracks))

    @property
    def tracks(self) -> list[list[Track]]:
        return [list(tracks) for tracks in self.by_source.values()]

    def matches(self) -> Matches:
        return ranking.choose(ranking.rank(self.query, self.tracks))


async def _ask(
    sources: Sequence[TrackSearch], queries: Sequence[SongQuery], found: _Found, seconds: float
) -> None:
    """Ask sources side by side, and add what they find in time, in their order."""
    asked = [(source, query) for query in queries for source in sources]
    tasks = [asyncio.create_task(_search(source, query)) for source, query in asked]
    if not tasks:
        return
    try:
        await asyncio.wait(tasks, timeout=seconds)
    finally:
        for task in tasks:
            task.cancel()
    for (source, _), task in zip(asked, tasks, strict=True):
        answer: Sequence[Track] | Unavailable
        slow = not task.done()
        answer = Unavailable(source.name, f"no answer in {seconds:g} s") if slow else task.result()
        if isinstance(answer, Unavailable):
            _log.info("source skipped: %s", answer)
            found.failures.append(answer)
        else:
            found.add(source, answer)


async def _search(source: TrackSearch, query: SongQuery) -> Sequence[Track] | Unavailable:
    try:
        return await source.search(query)
    except Unavailable as error:
        return error


def several_matches(text: str, tracks: Sequence[Track]) -> Notice:
    """Return the notice that offers songs for a search; those without an id are left out."""
    offered = choices(tracks)
    return Notice(NoticeKind.SEVERAL_MATCHES, texts.several_matches(text, len(offered)), offered)


def choices(tracks: Iterable[Track]) -> tuple[Choice, ...]:
    """Return the tracks that can be asked for again as choices with different labels."""
    offered: dict[str, Choice] = {}
    for track in tracks:
        if ref := track.ref:
            label = texts.choice_label(track)
            offered.setdefault(label, Choice(label, ref))
    return tuple(offered.values())[:MAX_CHOICES]
