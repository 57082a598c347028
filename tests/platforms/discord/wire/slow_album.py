"""A collection whose songs are looked up slowly, and the message with the progress."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from bot.domain.tracks import MeasuredTrack, Track
from tests.platforms.discord.wire.running import Wire, text_of
from tests.stubs.discord.objects import Json
from tests.stubs.discord.rest import MESSAGE, MESSAGES
from tests.support.blocked_features import blocked_features
from tests.support.fake_collections import ALBUM, collection

ALBUM_LINK = "https://www.deezer.com/album/101"
READING = "Reading the album: 0 of 2 songs…"
SEND = ("POST", MESSAGES)
EDIT = ("PATCH", MESSAGE)


async def displayed(wire: Wire, text: str = READING) -> Json:
    """Return the bot's only message, when it displays the progress and is recorded."""
    (message,) = await wire.stub.wait_for_messages(wire.music)
    assert text_of(message).strip() == text
    await wire.stub.until(lambda: is_recorded(wire, message))
    return message


def is_recorded(wire: Wire, message: Json) -> bool:
    return any(message_id == message["id"] for _, message_id in wire.app.messages.stored)


@contextmanager
def second_batch_blocked(wire: Wire) -> Iterator[tuple[asyncio.Event, asyncio.Event]]:
    """Let an album have two batches, the first of which waits until something was sent for it.

    Yield an event that lets the second one proceed, and one set if it is cancelled.
    """
    wire.app.collections.known = {ALBUM: collection(wire.app.lookup.tracks * 25)}
    measure, batches = wire.app.features.measure, 0
    with blocked_features(wire.app) as (proceed, cancelled):
        blocked = wire.app.features.measure

        async def second_waits(tracks: Sequence[Track]) -> Sequence[MeasuredTrack | None]:
            nonlocal batches
            batches += 1
            if batches == 2:
                return await blocked(tracks)
            await wire.stub.wait_for_calls(*SEND)
            return await measure(tracks)

        wire.app.features.measure = second_waits  # type: ignore[method-assign] # in the block
        yield proceed, cancelled
