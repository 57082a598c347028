"""Features of the fakes that are measured slowly."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from bot.domain.tracks import MeasuredTrack, Track
from tests.support.fake_app import FakeApp


@contextmanager
def blocked_features(
    app: FakeApp, started: asyncio.Event | None = None
) -> Iterator[tuple[asyncio.Event, asyncio.Event]]:
    """Block the measuring; yield an event that lets it proceed, and one set if it is cancelled.

    `started` is set when it begins.
    """
    proceed, cancelled = asyncio.Event(), asyncio.Event()
    measure = app.features.measure

    async def wait(tracks: Sequence[Track]) -> Sequence[MeasuredTrack | None]:
        if started:
            started.set()
        try:
            await proceed.wait()
        except asyncio.CancelledError:
            cancelled.set()
            raise
        return await measure(tracks)

    app.features.measure = wait  # type: ignore[method-assign] # until the block ends
    try:
        yield proceed, cancelled
    finally:
        app.features.measure = measure  # type: ignore[method-assign] # as it was
