"""Several sources behind one port."""

import pytest

from bot.domain.errors import Unavailable
from bot.domain.tracks import Track
from bot.sources.chain import FeatureChain, LookupChain
from tests.support.factories import HEROES, OLD_TOWN_ROAD, VALUES, track
from tests.support.fakes import FakeFeatures, FakeLookup

TITLE_ONLY = Track(OLD_TOWN_ROAD, title="Old Town Road", image="https://cover")


async def test_the_first_complete_answer_is_used_and_later_sources_are_not_asked() -> None:
    first, second, third = FakeLookup(), FakeLookup(track(title="2")), FakeLookup(track())
    found = await LookupChain([first, second, third]).get(OLD_TOWN_ROAD)
    assert found is not None
    assert found.title == "2"
    assert third.asked == 0


async def test_a_track_without_artists_is_completed_by_the_next_source() -> None:
    named = track(isrc="USSM11904128", deezer_id="3135556")
    found = await LookupChain([FakeLookup(TITLE_ONLY), FakeLookup(named)]).get(OLD_TOWN_ROAD)
    assert found == TITLE_ONLY.merge(named)
    assert found.title == "Old Town Road"
    assert found.artists == named.artists
    assert (found.isrc, found.deezer_id, found.image) == (
        "USSM11904128",
        "3135556",
        "https://cover",
    )


@pytest.mark.parametrize("rest", [FakeLookup(away=True), FakeLookup()])
async def test_an_incomplete_track_is_better_than_none(rest: FakeLookup) -> None:
    assert await LookupChain([FakeLookup(TITLE_ONLY), rest]).get(OLD_TOWN_ROAD) == TITLE_ONLY


async def test_an_unavailable_source_is_skipped() -> None:
    chain = FeatureChain([FakeFeatures({}, away=True), FakeFeatures({OLD_TOWN_ROAD: VALUES})])
    found = await chain.features(track())
    assert found is not None
    assert found.values == VALUES


async def test_a_source_with_too_few_features_is_skipped() -> None:
    few = FakeFeatures({OLD_TOWN_ROAD: {"energy": 0.5, "loudness": -5.0, "key": 1.0}})
    found = await FeatureChain([few, FakeFeatures({OLD_TOWN_ROAD: VALUES})]).features(track())
    assert found is not None
    assert found.values == VALUES


async def test_unknown_is_reported_only_if_every_source_was_available() -> None:
    available = FeatureChain([FakeFeatures({}), FakeFeatures({})])
    assert await available.features(track()) is None
    partly = FeatureChain([FakeFeatures({}, away=True), FakeFeatures({})])
    with pytest.raises(Unavailable) as raised:
        await partly.features(track())
    assert raised.value.retry_after == 90


async def test_a_search_asks_sources_until_one_has_matches() -> None:
    empty, full = FakeLookup(track(HEROES, title="Heroes", artists=())), FakeLookup(track())
    chain = LookupChain([empty, full])
    found = await chain.search("old town road")
    assert [match.spotify_id for match in found] == [OLD_TOWN_ROAD]
    assert list(await chain.search("nothing like it")) == []
