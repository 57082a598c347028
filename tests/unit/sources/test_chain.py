"""Chains of feature providers and of lookups."""

import pytest

from bot.domain.errors import Unavailable
from bot.sources.chain import FeatureChain, LookupChain
from tests.support.factories import HEROES, OLD_TOWN_ROAD, VALUES, track
from tests.support.fakes import FakeFeatures, FakeLookup


async def test_unavailable_provider_is_skipped() -> None:
    chain = FeatureChain([FakeFeatures({}, away=True), FakeFeatures({OLD_TOWN_ROAD: VALUES})])
    (found,) = await chain.measure([track()])
    assert found is not None
    assert found.features.values == VALUES


async def test_provider_with_too_few_features_is_skipped() -> None:
    few = FakeFeatures({OLD_TOWN_ROAD: {"energy": 0.5, "loudness": -5.0, "key": 1.0}})
    (found,) = await FeatureChain([few, FakeFeatures({OLD_TOWN_ROAD: VALUES})]).measure([track()])
    assert found is not None
    assert found.features.values == VALUES


async def test_features_are_unknown_only_if_every_provider_was_available() -> None:
    available = FeatureChain([FakeFeatures({}), FakeFeatures({})])
    assert await available.measure([track()]) == [None]
    partly = FeatureChain([FakeFeatures({}, away=True), FakeFeatures({})])
    with pytest.raises(Unavailable) as raised:
        await partly.measure([track()])
    assert raised.value.retry_after == 90


async def test_each_provider_is_asked_for_what_others_do_not_know() -> None:
    first, second = FakeFeatures({OLD_TOWN_ROAD: VALUES}), FakeFeatures({HEROES: VALUES})
    tracks = [track(HEROES), track(), track("0" * 22)]
    found = await FeatureChain([first, FakeFeatures({}, away=True), second]).measure(tracks)
    assert [measured.track if measured else None for measured in found] == [*tracks[:2], None]


async def test_a_lookup_that_fails_is_skipped() -> None:
    chain = LookupChain([FakeLookup(away=True), FakeLookup(), FakeLookup(track())])
    assert await chain.get(track()) == track()


async def test_a_track_is_unknown_only_if_every_lookup_was_available() -> None:
    assert await LookupChain([FakeLookup(), FakeLookup()]).get(track()) is None
    with pytest.raises(Unavailable):
        await LookupChain([FakeLookup(away=True), FakeLookup()]).get(track())
