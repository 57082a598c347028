"""Measuring the tracks of a collection: batches, gaps, time limit, shared and cancelled work."""

import asyncio
from dataclasses import replace

import pytest

from bot.domain.collections import Collection
from bot.domain.errors import (
    FeaturesUnknown,
    Unavailable,
)
from bot.domain.tracks import AudioFeatures, MeasuredTrack, SubjectRef, Track
from tests.support.collection_service import AWAY, Provider, ids, known, service
from tests.support.factories import VALUES, track
from tests.support.fake_collections import (
    ALBUM,
    FakeCollections,
    collection,
    song,
)
from tests.support.fakes import FakeLookup
from tests.support.store_values import PLACE
from tests.support.virtual_time import in_virtual_time


@in_virtual_time
async def test_tracks_are_measured_in_batches_of_forty_and_progress_is_told() -> None:
    provider = Provider(seconds=1)
    told: list[str] = []

    async def progress(sentence: str) -> None:
        told.append(sentence)

    summaries = service(known(97), provider=provider)
    answer = (await summaries.summarise(ALBUM, PLACE, progress=progress)).answer
    assert provider.batches == [40, 40, 17]
    assert answer.answered == 97
    assert told == [f"Reading the album: {done} of 97 songs…" for done in (0, 40, 80)]


async def test_unknown_and_failed_tracks_are_counted_apart() -> None:
    provider = Provider()
    provider.unknown = ids(2, 5)
    provider.failing = {1}
    answer = (await service(known(97), provider=provider).summarise(ALBUM, PLACE)).answer
    assert (answer.answered, answer.unmeasured, answer.unasked) == (38 + 17, 2, 40)
    assert [one.number for one in answer.tracks][:4] == [1, 3, 4, 6]
    assert answer.tracks[-1].number == 97


async def test_track_whose_source_failed_is_not_called_unmeasured() -> None:
    provider = Provider()
    provider.partly = dict.fromkeys(ids(3), AWAY)
    answer = (await service(known(), provider=provider).summarise(ALBUM, PLACE)).answer
    assert (answer.answered, answer.unmeasured, answer.unasked) == (7, 0, 1)


async def test_track_with_too_few_features_is_unmeasured() -> None:
    class Sparse(Provider):
        def measured_one(self, one: Track) -> MeasuredTrack | None:
            few = {"energy": 0.5} if one.title == "Song 1" else dict(VALUES)
            return MeasuredTrack(one, AudioFeatures.from_source(few, "reccobeats"))

    answer = (await service(known(3), provider=Sparse()).summarise(ALBUM, PLACE)).answer
    assert (answer.answered, answer.unmeasured) == (2, 1)


@in_virtual_time
async def test_what_is_measured_when_the_time_is_over_is_summarised() -> None:
    provider = Provider(seconds=25)
    answer = (await service(known(100), provider=provider).summarise(ALBUM, PLACE)).answer
    assert asyncio.get_running_loop().time() == 60
    assert (answer.answered, answer.unmeasured, answer.unasked) == (80, 0, 20)


@in_virtual_time
async def test_lookup_that_never_answers_ends_with_the_time_limit() -> None:
    class Hanging(FakeCollections):
        async def get(self, ref: SubjectRef) -> Collection | None:
            await asyncio.sleep(3600)
            return await super().get(ref)

    with pytest.raises(Unavailable, match="no answer in 60 s"):
        await service(Hanging()).summarise(ALBUM, PLACE)
    assert asyncio.get_running_loop().time() == 60


async def test_collection_without_a_measured_track_has_no_summary() -> None:
    provider = Provider()
    provider.unknown = ids(*range(1, 9))
    with pytest.raises(FeaturesUnknown, match="7 EP"):
        await service(known(), provider=provider).summarise(ALBUM, PLACE)


async def test_failure_of_every_batch_is_no_verdict_on_the_tracks() -> None:
    provider = Provider()
    provider.failing = {0}
    with pytest.raises(Unavailable, match="away"):
        await service(known(), provider=provider).summarise(ALBUM, PLACE)


async def test_tracks_without_an_id_by_which_features_are_known_are_looked_up() -> None:
    tracks = [Track(deezer_id=str(number), title=f"Song {number}") for number in (1, 2, 3)]
    found = [replace(one, isrc=f"US{one.deezer_id}") for one in tracks[:2]]
    lookup = FakeLookup(*found)
    of = FakeCollections(collection([*tracks, song(4)]))
    answer = (await service(of, track_lookups=[lookup]).summarise(ALBUM, PLACE)).answer
    assert [one.number for one in answer.tracks] == [1, 2, 4]
    assert (answer.unmeasured, lookup.asked) == (1, 3)


async def test_track_that_could_not_be_identified_is_unasked() -> None:
    of = FakeCollections(collection([Track(deezer_id="1"), song(2)]))
    lookups = [FakeLookup(away=True)]
    answer = (await service(of, track_lookups=lookups).summarise(ALBUM, PLACE)).answer
    assert (answer.unmeasured, answer.unasked) == (0, 1)


@in_virtual_time
async def test_concurrent_questions_for_one_collection_ask_upstream_once() -> None:
    lookup, provider = known(), Provider(seconds=1)
    summaries = service(lookup, provider=provider)
    places = [replace(PLACE, channel=str(number)) for number in range(100)]
    found = await asyncio.gather(*(summaries.summarise(ALBUM, place) for place in places))
    assert (len(lookup.asked), provider.batches) == (1, [8])
    assert len({summary.id for summary in found}) == 100


@in_virtual_time
async def test_cancelled_question_leaves_nothing_running_and_stores_nothing() -> None:
    provider = Provider(seconds=5)
    summaries = service(known(97), provider=provider)
    question = asyncio.create_task(summaries.summarise(ALBUM, PLACE))
    await asyncio.sleep(7)
    question.cancel()
    with pytest.raises(asyncio.CancelledError):
        await question
    assert asyncio.all_tasks() == {asyncio.current_task()}
    assert provider.batches == [40, 40]
    assert await summaries.get(1) is None


async def test_length_of_a_track_is_a_feature_of_it() -> None:
    of = FakeCollections(collection([track(duration_ms=200_000, duration_source="deezer")]))

    class Lengthless(Provider):
        def measured_one(self, one: Track) -> MeasuredTrack | None:
            values = {name: value for name, value in VALUES.items() if name != "duration_ms"}
            return MeasuredTrack(one, AudioFeatures.from_source(values, "reccobeats"))

    answer = (await service(of, provider=Lengthless()).summarise(ALBUM, PLACE)).answer
    assert answer.features["duration_ms"] == 200_000
