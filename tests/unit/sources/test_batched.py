"""Questions that arrive during a call are asked together."""

import asyncio
from collections.abc import Sequence

from bot.domain.errors import Unavailable
from bot.domain.tracks import MeasuredTrack, Track
from bot.sources.batched import BatchedFeatures, BatchedLookup
from tests.support.factories import VALUES, track
from tests.support.fakes import FakeFeatures

IDS = [f"{number:022}" for number in range(100)]


class Slow(FakeFeatures):
    """Answers after a while; records the sizes of its calls."""

    def __init__(self) -> None:
        super().__init__(dict.fromkeys(IDS, VALUES))
        self.sizes: list[int] = []

    async def measure(self, tracks: Sequence[Track]) -> Sequence[MeasuredTrack | None]:
        self.sizes.append(len(tracks))
        await asyncio.sleep(0)
        return await super().measure(tracks)

    async def get_all(self, tracks: Sequence[Track]) -> Sequence[Track | None]:
        return [one.track if one else None for one in await self.measure(tracks)]


async def test_a_hundred_tracks_take_three_calls() -> None:
    source = Slow()
    batched = BatchedFeatures(source, limit=40)
    answers = await asyncio.gather(*(batched.measure([track(one)]) for one in IDS))
    assert [answer[0].track.spotify_id for answer in answers if answer[0]] == IDS
    assert source.sizes == [40, 40, 20]


async def test_a_single_track_does_not_wait_for_others() -> None:
    source = Slow()
    assert await BatchedLookup(source, limit=40).get(track(IDS[0])) == track(IDS[0])
    assert source.sizes == [1]


async def test_many_tracks_in_one_question_are_passed_on() -> None:
    source = Slow()
    found = await BatchedFeatures(source, limit=40).measure([track(one) for one in IDS])
    assert all(found)
    assert source.sizes == [100]


async def test_a_failure_reaches_all_who_asked() -> None:
    source = Slow()
    source.away = True
    batched = BatchedFeatures(source, limit=40)
    answers = await asyncio.gather(
        *(batched.measure([track(one)]) for one in IDS[:3]), return_exceptions=True
    )
    assert all(isinstance(answer, Unavailable) for answer in answers)
    source.away = False
    assert all(await batched.measure([track(IDS[0])]))
