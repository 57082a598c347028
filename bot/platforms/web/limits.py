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

UNLIMITED: Final = re.compile(r"/healthz|/static/.*")
"""Paths that are not counted: health checks, and files from memory that a refusal's page needs."""


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


RATES: Final[Mapping[Limit, Rate]] = {
    # A person may ask ten a minute in a chat; an address may be that of a household or an office.
    Limit.MESSAGE: Rate(30, 60),
    # One for each page of the chat that is opened; 50 cards take 50 ms of a core.
    Limit.HISTORY: Rate(60, 60),
    # One for each pause in typing, three a second at most.
    Limit.SUGGESTION: Rate(60, 20),
    # Pages of songs that are not in memory, as each asks music services.
    Limit.SONG: Rate(60, 60),
    # A page of the history has 50 charts; drawing one takes 30 ms of a core.
    Limit.PICTURE: Rate(120, 60),
    # A slider that is moved asks up to 25 times a second.
    Limit.WHAT_IF: Rate(280, 10),
    # Five are dropped at a time; each takes a core for a second or two.
    Limit.SOUND: Rate(10, 600),
    Limit.VOTE: Rate(30, 60),
    # All requests, whatever they are for, without those for scripts and styles.
    Limit.OTHER: Rate(300, 10),
}


class Share(StrEnum):
    """What all strangers together are limited in."""

    QUESTION = "question"
    HISTORY = "history"
    SUGGESTION = "suggestion"
    PICTURE = "picture"


class Capacity(NamedTuple):
    """How many are worked on at once, how many wait for that, and for how many seconds."""

    at_once: int
    waiting: int
    seconds: float


CAPACITIES: Final[Mapping[Share, Capacity]] = {
    # As many as of one workspace of a chat, of 32 in all (`job_scheduler.py`). A visitor's browser
    # waits 45 seconds for the answer.
    Share.QUESTION: Capacity(8, 2000, 30),
    # As many as there are connections for reading the database; the page repeats its request.
    Share.HISTORY: Capacity(2, 2000, 20),
    # Late ones are of no use.
    Share.SUGGESTION: Capacity(8, 64, 2),
    # From the fourth that waits on, pictures are drawn in processes (`renderer.py`), of which chats
    # have the others.
    Share.PICTURE: Capacity(2, 500, 20),
}


class Busy(RequestRejected):
    """A request past a limit; it may be sent again after `seconds`."""

    def __init__(self, status: HTTPStatus, text: str, seconds: float, logged: str) -> None:
        """Store the response, and the sentence by which it is counted in the log."""
        super().__init__(status, "too_many", text)
        self.headers = {"Retry-After": str(max(1, ceil(seconds)))}
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

        Of other addresses, strangers could have it logged.
        """
        peer = parse_address(request.remote or "")
        if self._has_warned or peer is None or not peer.is_private:
            return
        if any(name in request.headers for name in FORWARDED) and not forwarded.is_trusted(
            peer, request.app[site.SITE].proxies
        ):
            self._has_warned = True
            _log.warning(public_page.unknown_proxy(str(peer)))

    @asynccontextmanager
    async def share(self, kind: Share) -> AsyncIterator[None]:
        """Have a slot of the strangers' share until the end of the block; raise Busy."""
        try:
            async with self._slots[kind].take():
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
    async with limits.share(kind):
        if request.transport is None:
            raise Refused(HTTPStatus.BAD_REQUEST, http.CUT_SHORT)
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
    """Count every request, whatever it is for, except for those of `UNLIMITED`."""
    if (limits := request.app.get(LIMITS)) is not None and not UNLIMITED.fullmatch(request.path):
        limits.warn_of_proxy(request)
        limits.check(site.client_address(request), Limit.OTHER)
    return await handler(request)


def counted_as(address: str) -> str:
    """Return what the requests of an address are counted by: of IPv6, its network."""
    found = parse_address(address)
    if isinstance(found, IPv6Address):
        return str(IPv6Network((found, IPV6_PREFIX), strict=False))
    return str(found or address)
