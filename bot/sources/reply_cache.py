"""Replies of sources, read from the cache in the database and stored there.

What a source answered is kept for a long time, "unknown" for a shorter one, and searches for a day
at most, under a keyed hash of their words. Failures are not kept. If the database fails, the
sources are asked.
"""

import asyncio
import hashlib
import hmac
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, Generic, NamedTuple, TypeVar

from pydantic import TypeAdapter, ValidationError

from bot.concurrency.batcher import Batcher
from bot.concurrency.single_flight import SingleFlight
from bot.domain.errors import StorageFailed
from bot.domain.source_ports import SourceCache
from bot.domain.source_states import CachedReply, JsonValue

T = TypeVar("T")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """How long replies are kept: those with a value, and "unknown"."""

    known: timedelta
    unknown: timedelta


TRACKS: Final = Lifetimes(timedelta(days=90), timedelta(days=1))
"""Features, names and tags of a recording hardly change; a new one becomes known soon."""

SEARCHES: Final = Lifetimes(timedelta(days=1), timedelta(hours=1))
COLLECTIONS: Final = Lifetimes(timedelta(days=1), timedelta(hours=1))


class _Written(NamedTuple):
    source: str
    replies: Mapping[str, Any]
    lifetimes: Lifetimes


class Cache:
    """Asks sources through the store of their replies; one call at a time for each key."""

    def __init__(self, store: SourceCache, search_key: bytes) -> None:
        """Store the cache, and the key of the hashes of searches."""
        self._store = store
        self._search_key = search_key
        self._calls: SingleFlight[Any] = SingleFlight()
        self._writing = Batcher(self._write)
        self._writes: set[asyncio.Task[None]] = set()
        self._unwritten: dict[tuple[str, str], Any] = {}

    async def read(self, source: str, keys: Sequence[str]) -> Mapping[str, Any]:
        """Return the stored replies by key, as JSON; if the database fails, those not in it yet."""
        found = {
            key: self._unwritten[source, key] for key in keys if (source, key) in self._unwritten
        }
        try:
            stored = await self._store.read(source, [key for key in keys if key not in found])
        except StorageFailed as error:
            _log.warning("%s: cache not read: %s", source, error)
            return found
        return found | {key: reply.value for key, reply in stored.items()}

    def write(self, source: str, replies: Mapping[str, Any], lifetimes: Lifetimes) -> None:
        """Store replies in the background; they are read from memory until then."""
        self._unwritten |= {(source, key): value for key, value in replies.items()}
        written = _Written(source, replies, lifetimes)
        task = asyncio.create_task(self._writing.submit(written))
        self._writes.add(task)
        task.add_done_callback(self._writes.discard)

    async def shared(self, source: str, key: str, ask: Callable[[], Awaitable[T]]) -> T:
        """Return the result of `ask`, shared with concurrent callers for the same key."""
        result: T = await self._calls.get(f"{source} {key}", ask)
        return result

    def search_key(self, text: str) -> str:
        """Return the key of a search, from which its words cannot be recovered."""
        words = " ".join(text.casefold().split()).encode(errors="surrogatepass")
        return f"search:{hmac.new(self._search_key, words, hashlib.sha256).hexdigest()}"

    async def close(self) -> None:
        """Cancel the calls in flight, and wait for replies to be stored."""
        await self._calls.close()
        await asyncio.gather(*self._writes, return_exceptions=True)

    async def _write(self, batch: Sequence[_Written]) -> Sequence[None]:
        """Store what was to be stored meanwhile, in one transaction for each source."""
        groups: dict[tuple[str, timedelta], dict[str, Any]] = {}
        for one in batch:
            for key, value in one.replies.items():
                lifetime = one.lifetimes.unknown if value is None else one.lifetimes.known
                groups.setdefault((one.source, lifetime), {})[key] = value
        for (source, lifetime), replies in groups.items():
            try:
                await self._store.write(source, replies, lifetime)
            except StorageFailed as error:
                _log.warning("%s: cache not written: %s", source, error)
        for one in batch:
            for key in one.replies:
                self._unwritten.pop((one.source, key), None)
        return [None] * len(batch)


class NoStore:
    """Implements SourceCache without keeping anything."""

    async def read(self, source: str, keys: Sequence[str]) -> Mapping[str, CachedReply]:
        """Return nothing."""
        del source, keys
        return {}

    async def write(
        self, source: str, replies: Mapping[str, JsonValue], lifetime: timedelta
    ) -> None:
        """Store nothing."""


class CachedReplies(Generic[T]):
    """The cached replies of one kind that a source gives.

    Args:
        cache: The cache.
        source: Name of the source and of the kind, such as `deezer/tracks`.
        kind: The type of a reply.
        lifetimes: How long replies are kept.
    """

    def __init__(self, cache: Cache, source: str, kind: Any, lifetimes: Lifetimes = TRACKS) -> None:
        self._cache = cache
        self._source = source
        self._adapter: TypeAdapter[T] = TypeAdapter(kind)
        self._lifetimes = lifetimes

    async def get(self, key: str, ask: Callable[[], Awaitable[T | None]]) -> T | None:
        """Return the reply for a key; ask for it if it is not stored."""
        return await self._cache.shared(self._source, key, lambda: self._get(key, ask))

    async def stored(self, keys: Sequence[str]) -> dict[str, T | None]:
        """Return the stored replies by key."""
        found: dict[str, T | None] = {}
        for key, value in (await self._cache.read(self._source, keys)).items():
            try:
                found[key] = None if value is None else self._adapter.validate_python(value)
            except ValidationError as error:  # another version stored it
                _log.info("%s: reply in the cache not read: %s", self._source, error.title)
        return found

    def store(self, replies: Mapping[str, T | None]) -> None:
        """Store replies in the background."""
        values = {
            key: None if reply is None else self._adapter.dump_python(reply, mode="json")
            for key, reply in replies.items()
        }
        self._cache.write(self._source, values, self._lifetimes)

    async def _get(self, key: str, ask: Callable[[], Awaitable[T | None]]) -> T | None:
        stored = await self.stored([key])
        if key in stored:
            return stored[key]
        reply = await ask()
        self.store({key: reply})
        return reply
