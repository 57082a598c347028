"""Chains of track lookups and feature providers."""

import pytest

from bot.domain.errors import Unavailable
from bot.domain.tracks import Track
from bot.sources.chain import FeatureChain, LookupChain
from tests.support.factories import HEROES, OLD_TOWN_ROAD, VALUES, track
from tests.support.fakes import FakeFeatures, FakeLookup

TITLE_ONLY = Track(OLD_TOWN_ROAD, title="Old Town Road", image="https://cover")


async def test_named_track_needs_no_further_lookup() -> None:
    unknown, named, last = FakeLookup(), FakeLookup(track(title="2")), FakeLookup(track())
    found = await LookupChain([unknown, named, last]).get(OLD_TOWN_ROAD)
    assert found is not None
    assert found.title == "2"
    assert [lookup.asked for lookup in (unknown, named, last)] == [1, 1, 0]


async def test_title_is_merged_with_artists_and_ids_of_the_next_lookup() -> None:
    named = track(isrc="USSM11904128", deezer_id="3135556")
    lookups = [FakeLookup(TITLE_ONLY), FakeLookup(named), FakeLookup(track())]
    found = await LookupChain(lookups).get(OLD_TOWN_ROAD)
    assert [lookup.asked for lookup in lookups] == [1, 1, 0]
    assert found == TITLE_ONLY.merge(named)
    assert found.title == "Old Town Road"
    assert found.artists == named.artists
    assert (found.isrc, found.deezer_id) == (named.isrc, named.deezer_id)
    assert found.image == "https://cover"


@pytest.mark.parametrize("rest", [FakeLookup(away=True), FakeLookup()])
async def test_title_alone_is_returned_if_other_lookups_fail(rest: FakeLookup) -> None:
    title = FakeLookup(TITLE_ONLY)
    assert await LookupChain([title, rest]).get(OLD_TOWN_ROAD) == TITLE_ONLY
    assert await LookupChain([rest, title]).get(OLD_TOWN_ROAD) == TITLE_ONLY


async def test_unavailable_provider_is_skipped() -> None:
    chain = FeatureChain([FakeFeatures({}, away=True), FakeFeatures({OLD_TOWN_ROAD: VALUES})])
    found = await chain.features(track())
    assert found is not None
    assert found.values == VALUES


async def test_provider_with_too_few_features_is_skipped() -> None:
    few = FakeFeatures({OLD_TOWN_ROAD: {"energy": 0.5, "loudness": -5.0, "key": 1.0}})
    found = await FeatureChain([few, FakeFeatures({OLD_TOWN_ROAD: VALUES})]).features(track())
    assert found is not None
    assert found.values == VALUES


async def test_features_are_unknown_only_if_every_provider_was_available() -> None:
    available = FeatureChain([FakeFeatures({}), FakeFeatures({})])
    assert await available.features(track()) is None
    partly = FeatureChain([FakeFeatures({}, away=True), FakeFeatures({})])
    with pytest.raises(Unavailable) as raised:
        await partly.features(track())
    assert raised.value.retry_after == 90


async def test_search_asks_lookups_until_one_has_matches() -> None:
    empty, full = FakeLookup(track(HEROES, title="Heroes", artists=())), FakeLookup(track())
    chain = LookupChain([empty, full])
    found = await chain.search("old town road")
    assert [match.spotify_id for match in found] == [OLD_TOWN_ROAD]
    assert list(await chain.search("no match")) == []
