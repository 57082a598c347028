"""Limits of the page for everyone: how often an address may ask, and what strangers may take up.

A page for this computer alone has none. Views use them in one line each:

    limits.check(request, Limit.SUGGESTION)
    async with limits.share(request, Share.QUESTION):
        ...
    async with limits.drawing(request):
        ...

They raise `Busy`, which becomes a response with Retry-After: see `problems.py`.
"""

import logging
import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from enum import StrEnum
from http import HTTPStatus
from ipaddress import IPv6Address, IPv6Network
from math import ceil
from time import monotonic
from typing import Final, NamedTuple

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from bot.concurrency.rate_limiter import RateLimiter
from bot.concurrency.slots import NoSlot, Slots
from bot.platforms.http.refusals import Refused
from bot.platforms.web import forwarded, site
from bot.platforms.web.forwarded import parse_address
from bot.platforms.web.parsing import RequestRejected
from bot.texts import http, public_page

IPV6_PREFIX: Final = 64
"""Bits of an IPv6 address that count: a household has at least as many addresses as are left."""

BUSY_SECONDS: Final = 5
"""Seconds after which a request that found no slot may be sent again."""

UNCOUNTED: Final = re.compile(r"/healthz|/static/.*|/api/whatif")
"""Paths that do not count as requests of any kind.

They are health checks, files from memory that a refusal's page needs, and what the sliders ask,
which would use up what a person needs to open pages: it is limited as Limit.WHAT_IF alone.
"""


FORWARDED: Final = (forwarded.FOR, str(hdrs.FORWARDED))
_log = logging.getLogger(__name__)


class Limit(StrEnum):
    """What an address is limited in."""

    MESSAGE = "message"
    HISTORY = "history"
    SUGGESTION = "suggestion"
    SONG = "song"
    PICTURE = "picture"
    WHAT_IF = "what_if"
    SOUND = "sound"
    VOTE = "vote"
    OTHER = "other"


class Rate(NamedTuple):
    """`number` requests within any `seconds`."""

    number: int
    seconds: float


# An address may be that of an office: the numbers are for 30 people who are here at once, with what
# one of them does at most, where that is not too much for one core.
RATES: Final[Mapping[Limit, Rate]] = {
    # Three a minute of each; how many are worked on at once has a limit of its own.
    Limit.MESSAGE: Rate(90, 60),
    # One for each page of the chat that is opened, twice a minute by each. 50 cards take 50 ms of a
    # core, and how many are read at once has a limit of its own.
    Limit.HISTORY: Rate(60, 60),
    # One for each pause in typing, three a second at most: two who type at the same time.
    Limit.SUGGESTION: Rate(120, 20),
    # Pages of songs that are not in memory, two a minute of each, as they ask music services.
    Limit.SONG: Rate(60, 60),
    # Of those that must be drawn, in 30 ms of a core: four histories of 50 new charts.
    Limit.PICTURE: Rate(200, 60),
    # A slider that is moved asks 25 times a second: two who drag all the time. It takes 7 ms of a
    # core; how many are worked on at once has a limit of its own.
    Limit.WHAT_IF: Rate(600, 10),
    # Four visitors who drop as many as the page takes at a time. Each file takes a core for a
    # second or two, and strangers' files are heard one after another.
    Limit.SOUND: Rate(40, 600),
    Limit.VOTE: Rate(60, 60),
    # All requests but those of UNCOUNTED; a page of the history has 50 charts.
    Limit.OTHER: Rate(300, 10),
}


class Share(StrEnum):
    """What all strangers together are limited in."""

    QUESTION = "question"
    SUGGESTION = "suggestion"
    PICTURE = "picture"
    WHAT_IF = "what_if"
    HISTORY = "history"


class Capacity(NamedTuple):
    """How much of a kind is worked on.

    Attributes:
        at_once: How many at once.
        waiting: How many wait for that; addresses that wait have their turns.
        seconds: For how long they wait.
        of_address: How many of one address at once; None for all.
    """

    at_once: int
    waiting: int
    seconds: float
    of_address: int | None = None


CAPACITIES: Final[Mapping[Share, Capacity]] = {
    # As many as of one workspace of a chat, of 32 in all (`job_scheduler.py`). A visitor's browser
    # waits 45 seconds for the answer. An album takes 40: a few addresses cannot keep all places.
    Share.QUESTION: Capacity(8, 2000, 30, of_address=3),
    # As many as there are connections for reading the database; the page repeats its request.
    Share.HISTORY: Capacity(2, 2000, 20),
    # Late ones are of no use.
    Share.SUGGESTION: Capacity(8, 64, 2, of_address=4),
    # From the fourth that waits on, pictures are drawn in processes (`renderer.py`), of which chats
    # have the others.
    Share.PICTURE: Capacity(2, 500, 20),
    # One is computed, on a thread, while another is read or written.
    Share.WHAT_IF: Capacity(2, 64, 2),
}


class Busy(RequestRejected):
    """A request past a limit; it may be sent again after `seconds`."""

    def __init__(self, status: HTTPStatus, text: str, seconds: float, logged: str) -> None:
        """Store the response, and the sentence by which it is counted in the log."""
        super().__init__(status, "too_many", text, {"Retry-After": str(max(1, ceil(seconds)))})
        self.logged = logged


class Limits:
    """Counts the requests of each address, and what is worked on at once; for one process.

    Args:
        clock: Clock in seconds.
        rates: How often an address may ask.
        capacities: What all strangers together may take up.
    """

    def __init__(
        self,
        clock: Callable[[], float] = monotonic,
        rates: Mapping[Limit, Rate] = RATES,
        capacities: Mapping[Share, Capacity] = CAPACITIES,
    ) -> None:
        self._limiters = {kind: RateLimiter(*rate, clock) for kind, rate in rates.items()}
        self._slots = {share: Slots(*capacity) for share, capacity in capacities.items()}
        self._has_warned = False

    def check(self, address: str, kind: Limit) -> None:
        """Count a request of an address; raise Busy past the limit."""
        if wait := self._limiters[kind].acquire(counted_as(address)):
            text = public_page.too_fast(wait)
            status = HTTPStatus.TOO_MANY_REQUESTS
            raise Busy(status, text, wait, f"{public_page.TOO_FAST} ({kind})")

    def waiting(self, kind: Share) -> int:
        """Return how many wait for a slot."""
        return self._slots[kind].waiting

    def warn_of_proxy(self, request: web.Request) -> None:
        """Log once that a proxy near by is not among the trusted ones.

        Of addresses of the internet, strangers could have it logged. What is none is near by, such
        as 100.64.0.0/10, which some platforms use within (RFC 6598).
        """
        peer = parse_address(request.remote or "")
        if self._has_warned or peer is None or peer.is_global:
            return
        if any(name in request.headers for name in FORWARDED) and not forwarded.is_trusted(
            peer, request.app[site.SITE].proxies
        ):
            self._has_warned = True
            _log.warning(public_page.unknown_proxy(str(peer)))

    @asynccontextmanager
    async def share(self, kind: Share, address: str = "") -> AsyncIterator[None]:
        """Have a slot of the strangers' share until the end of the block; raise Busy."""
        try:
            async with self._slots[kind].take(counted_as(address)):
                yield
        except NoSlot:
            text, status = public_page.BUSY, HTTPStatus.SERVICE_UNAVAILABLE
            raise Busy(status, text, BUSY_SECONDS, f"{text} ({kind})") from None


LIMITS: Final = web.AppKey("limits", Limits)
"""Where the application of a page for everyone has its limits."""


def check(request: web.Request, kind: Limit) -> None:
    """Count a request; raise Busy if its address has sent too many of its kind."""
    if (limits := request.app.get(LIMITS)) is not None:
        limits.check(site.client_address(request), kind)


@asynccontextmanager
async def share(request: web.Request, kind: Share) -> AsyncIterator[None]:
    """Have a slot of the strangers' share until the end of the block.

    Raises:
        Busy: None is free.
        Refused: The client has gone while it waited.
    """
    if (limits := request.app.get(LIMITS)) is None:
        yield
        return
    async with limits.share(kind, site.client_address(request)):
        if request.transport is None:
            raise Refused(HTTPStatus.BAD_REQUEST, http.CUT_SHORT)
        yield


def sender(request: web.Request) -> str | None:
    """Return by what the uploads of a request's address are counted; None if they are not."""
    is_counted = LIMITS in request.app
    return counted_as(site.client_address(request)) if is_counted else None


@asynccontextmanager
async def asking(request: web.Request, *, is_ready: bool) -> AsyncIterator[None]:
    """Count a request that sources are asked for songs, and have a slot until the block ends.

    What is in memory needs neither. Raises Busy and Refused as `share` does.
    """
    if is_ready:
        yield
        return
    check(request, Limit.SONG)
    async with share(request, Share.QUESTION):
        yield


@asynccontextmanager
async def drawing(request: web.Request) -> AsyncIterator[None]:
    """Count a request for a picture, and have a slot for drawing it until the end of the block.

    Raises Busy and Refused as `share` does.
    """
    check(request, Limit.PICTURE)
    async with share(request, Share.PICTURE):
        yield


@web.middleware
async def count_all(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Count every request of every kind, except for those of `UNCOUNTED`."""
    if (limits := request.app.get(LIMITS)) is not None and not UNCOUNTED.fullmatch(request.path):
        limits.warn_of_proxy(request)
        limits.check(site.client_address(request), Limit.OTHER)
    return await handler(request)


def counted_as(address: str) -> str:
    """Return what the requests of an address are counted by: of IPv6, its network."""
    found = parse_address(address)
    if isinstance(found, IPv6Address):
        return str(IPv6Network((found, IPV6_PREFIX), strict=False))
    return str(found or address)
