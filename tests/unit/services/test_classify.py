"""The use case from a track to a stored card."""

import asyncio
from collections.abc import Mapping

import pytest

from bot.concurrency.single_flight import SingleFlight
from bot.domain.errors import FeaturesUnknown, TrackNotFound, Unavailable
from bot.domain.places import Place
from bot.domain.tracks import AudioFeatures, Track
from bot.services.classify import ClassifyService
from tests.support.factories import HEROES, OLD_TOWN_ROAD, VALUES, track
from tests.support.fake_stores import FakePredictionStore
from tests.support.fakes import FakeFeatures, FakeLookup, FakeModelRegistry

HERE = Place("test", "w", "c")


def classify(
    catalog: FakeLookup | None = None,
    features: FakeFeatures | None = None,
    predictions: FakePredictionStore | None = None,
    budget: float = 1,
) -> ClassifyService:
    return ClassifyService(
        catalog or FakeLookup(track()),
        features or FakeFeatures({OLD_TOWN_ROAD: VALUES}),
        FakeModelRegistry(),
        predictions or FakePredictionStore(),
        budget,
    )


async def test_an_answer_says_all_there_is_to_say_and_is_stored() -> None:
    predictions = FakePredictionStore()
    card = await classify(predictions=predictions).by_id(OLD_TOWN_ROAD, HERE)
    assert predictions.cards == {card.id: card}
    said = card.answer
    assert (said.track, said.features.values, said.features.source) == (track(), VALUES, "fake")
    assert said.prediction.best == "country"
    assert (said.model.name, said.model.version) == ("fake", "0")
    assert said.reasons
    assert said.typical


async def test_a_duration_that_only_the_catalog_knows_is_used() -> None:
    known = {name: value for name, value in VALUES.items() if name != "duration_ms"}
    use = classify(FakeLookup(track(duration_ms=1234)), FakeFeatures({OLD_TOWN_ROAD: known}))
    said = (await use.by_id(OLD_TOWN_ROAD, HERE)).answer
    assert said.features.values["duration_ms"] == 1234


async def test_without_the_catalog_the_features_are_still_asked_for_by_id() -> None:
    catalog = FakeLookup(away=True)
    use = classify(catalog)
    assert (await use.by_id(OLD_TOWN_ROAD, HERE)).answer.track.title == ""
    catalog.away = False
    catalog.tracks.append(track())
    assert (await use.by_id(OLD_TOWN_ROAD, HERE)).answer.track.title  # the name was asked for anew


async def test_when_all_are_away_the_service_is_to_blame_not_the_track() -> None:
    use = classify(FakeLookup(away=True), FakeFeatures({}, away=True))
    with pytest.raises(Unavailable):
        await use.by_id(OLD_TOWN_ROAD, HERE)


async def test_a_track_that_nobody_knows_is_not_found() -> None:
    with pytest.raises(TrackNotFound):
        await classify(FakeLookup()).by_id(OLD_TOWN_ROAD, HERE)
    with pytest.raises(TrackNotFound):
        await classify().by_text("zzz", HERE)


async def test_a_track_without_features_is_named() -> None:
    with pytest.raises(FeaturesUnknown) as raised:
        await classify(features=FakeFeatures({})).by_id(OLD_TOWN_ROAD, HERE)
    assert raised.value.title == "Old Town Road - Remix"


async def test_too_few_features_are_as_good_as_none() -> None:
    with pytest.raises(FeaturesUnknown):
        await classify(features=FakeFeatures({OLD_TOWN_ROAD: {"energy": 0.5}})).by_id(
            OLD_TOWN_ROAD, HERE
        )


async def test_free_text_gets_the_first_track_found() -> None:
    card = await classify().by_text("old town road - lil nas x", HERE)
    assert card.answer.track.id == OLD_TOWN_ROAD


async def test_the_same_track_asked_for_at_once_is_looked_up_once_and_stored_for_each() -> None:
    catalog, features = FakeLookup(track()), FakeFeatures({OLD_TOWN_ROAD: VALUES})
    predictions = FakePredictionStore()
    use = classify(catalog, features, predictions)
    cards = await asyncio.gather(*(use.by_id(OLD_TOWN_ROAD, HERE) for _ in range(5)))
    await use.by_id(OLD_TOWN_ROAD, HERE)
    assert (catalog.asked, features.asked) == (1, 1)
    assert len({card.id for card in cards}) == 5
    assert len(predictions.cards) == 6


async def test_a_failure_is_not_remembered() -> None:
    features = FakeFeatures({}, away=True)
    use = classify(features=features)
    with pytest.raises(Unavailable):
        await use.by_id(OLD_TOWN_ROAD, HERE)
    features.away, features.known = False, {OLD_TOWN_ROAD: VALUES}
    assert (await use.by_id(OLD_TOWN_ROAD, HERE)).id == 1


class Stuck(FakeFeatures):
    def __init__(self, known: Mapping[str, Mapping[str, float]]) -> None:
        super().__init__(known)
        self.go = asyncio.Event()

    async def features(self, track: Track) -> AudioFeatures | None:
        await self.go.wait()
        return await super().features(track)


async def test_a_source_that_hangs_costs_no_more_than_the_budget() -> None:
    stuck = Stuck({})
    use = classify(features=stuck, budget=0.05)
    for ask in (use.by_id(OLD_TOWN_ROAD, HERE), use.by_text("old town road", HERE)):
        with pytest.raises(Unavailable, match="no answer in"):
            await ask
    stuck.go.set()


async def test_one_who_gives_up_does_not_take_the_answer_from_the_others() -> None:
    stuck = Stuck({OLD_TOWN_ROAD: VALUES})
    use = classify(features=stuck)
    first, second = (asyncio.create_task(use.by_id(OLD_TOWN_ROAD, HERE)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    stuck.go.set()
    assert (await second).answer.track.id == OLD_TOWN_ROAD
    assert first.cancelled()


async def test_only_the_latest_results_are_kept() -> None:
    made: list[str] = []

    async def make(key: str) -> str:
        made.append(key)
        return key

    shared: SingleFlight[str] = SingleFlight(2)
    for key in ("a", "b", "a", "c", "a", "b"):
        assert await shared.get(key, lambda key=key: make(key)) == key  # type: ignore[misc]  # a default binds the loop's value
    assert made == ["a", "b", "c", "b"]


async def test_a_song_without_an_id_is_answered_by_its_name() -> None:
    song = track(None, title="So What", artists=("Miles Davis",))
    use = classify(FakeLookup(song), FakeFeatures({song.key: VALUES}))
    assert (await use.by_text("so what", HERE)).answer.track == song
    assert HEROES not in song.key
