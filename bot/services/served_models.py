"""Which version of a model the running processes serve, asked of them rather than of the store."""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bot.domain.ports import Now
from bot.domain.served_models import ServedModel, ServedModelStore

RENEW_SECONDS: Final = 30.0
"""Longest time in which a running process says again what it serves."""

LIVE: Final = timedelta(seconds=3 * RENEW_SECONDS)
"""Time after which a process that said nothing is taken to have ended."""

AHEAD: Final = timedelta(hours=1)
"""How far the clock of a running process may be ahead; what was said later is of a wrong clock."""

POLL_SECONDS: Final = 0.5

TOLERANCE: Final = 1e-4
"""Largest difference of two probabilities that count as equal."""


@dataclass(frozen=True, slots=True)
class ServedReport:
    """What the running processes with a default model of a name serve.

    Attributes:
        served: Those that serve the version.
        stale: Those that serve another one, or answer the built-in song differently.
    """

    served: tuple[ServedModel, ...]
    stale: tuple[ServedModel, ...]


async def wait_until_served(
    store: ServedModelStore,
    name: str,
    version: str,
    *,
    now: Now,
    timeout: float,  # noqa: ASYNC109 - what is found by then is returned
    answer: Mapping[str, float] | None = None,
    monotonic: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> ServedReport:
    """Wait until all running processes serve a version; return what they serve then.

    Without running processes, nothing is waited for.

    Args:
        store: Has what each process serves.
        name: Name of the model; processes with another default model do not count.
        version: The version.
        now: Clock.
        timeout: Seconds to wait.
        answer: What the version's bundle answers to the built-in song: probability by genre, 0-1.
            None compares the versions only.
        monotonic: Clock in seconds.
        sleep: Waits for a number of seconds.

    Raises StorageFailed.
    """
    ends = monotonic() + timeout
    while True:
        live = await store.live(now() - LIVE, now() + AHEAD)
        report = _report(live, name, version, answer)
        if not report.stale or monotonic() >= ends:
            return report
        await sleep(POLL_SECONDS)


def _report(
    live: Sequence[ServedModel], name: str, version: str, answer: Mapping[str, float] | None
) -> ServedReport:
    mine = [one for one in live if one.model == name]
    served = [one for one in mine if one.version == version and _is_equal(one.answer, answer)]
    stale = tuple(one for one in mine if one not in served)
    return ServedReport(tuple(served), stale)


def _is_equal(given: Mapping[str, float], expected: Mapping[str, float] | None) -> bool:
    if expected is None:
        return True
    return set(given) == set(expected) and all(
        math.isclose(given[genre], expected[genre], abs_tol=TOLERANCE) for genre in expected
    )
