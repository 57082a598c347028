"""Several sources behind one port."""

import pytest

from bot.domain.errors import Unavailable
from bot.sources.chain import FeatureChain, LookupChain
from tests.support.factories import HEROES, OLD_TOWN_ROAD, VALUES, track
from tests.support.fakes import FakeFeatures, FakeLookup


async def test_the_first_that_knows_answers_and_the_rest_are_not_asked() -> None:
    first, second, third = FakeLookup(), FakeLookup(track(title="2")), FakeLookup(track())
    found = await LookupChain([first, second, third]).get(OLD_TOWN_ROAD)
    assert found is not None
    assert found.title == "2"
    assert third.asked == 0


async def test_a_source_that_is_away_is_passed_over() -> None:
    chain = FeatureChain([FakeFeatures({}, away=True), FakeFeatures({OLD_TOWN_ROAD: VALUES})])
    found = await chain.features(track())
    assert found is not None
    assert found.values == VALUES


async def test_a_source_that_knows_too_little_is_passed_over() -> None:
    little = FakeFeatures({OLD_TOWN_ROAD: {"energy": 0.5, "loudness": -5.0, "key": 1.0}})
    found = await FeatureChain([little, FakeFeatures({OLD_TOWN_ROAD: VALUES})]).features(track())
    assert found is not None
    assert found.values == VALUES


async def test_nobody_knows_is_none_only_when_everybody_was_there() -> None:
    here = FeatureChain([FakeFeatures({}), FakeFeatures({})])
    assert await here.features(track()) is None
    partly = FeatureChain([FakeFeatures({}, away=True), FakeFeatures({})])
    with pytest.raises(Unavailable) as raised:
        await partly.features(track())
    assert raised.value.retry_after == 90


async def test_a_search_goes_on_until_something_is_found() -> None:
    empty, full = FakeLookup(track(HEROES, title="Heroes", artists=())), FakeLookup(track())
    chain = LookupChain([empty, full])
    assert [found.id for found in await chain.search("old town road")] == [OLD_TOWN_ROAD]
    assert list(await chain.search("nothing like it")) == []
