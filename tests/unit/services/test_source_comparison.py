"""Every source is asked about one track, and where they differ is said."""

import pytest

from bot.domain.errors import TrackNotFound
from bot.domain.filing import GenreTags, Tag
from bot.domain.tracks import Track
from bot.services.measure import MeasureService
from bot.services.source_comparison import Disagreement, SourceComparison, disagreements
from tests.support.factories import OLD_TOWN_ROAD, VALUES, track
from tests.support.fake_app import LINK
from tests.support.fake_search import FakeSearch
from tests.support.fakes import FakeFeatures, FakeFiling, FakeLookup, FakePages

ISRC = "USSM11904128"


class Tags:
    """Files every track under country rap."""

    name = "tags"

    async def tags(self, track: Track) -> GenreTags | None:
        del track
        return GenreTags((Tag("country rap", 1.0),), self.name)


class Tempo:
    """Says that every track has a tempo of 68 BPM."""

    name = "tempo"

    async def tempo(self, known: Track) -> float | None:
        del known
        return 68.0


def comparison(*lookups: FakeLookup, features: FakeFeatures | None = None) -> SourceComparison:
    provider = features or FakeFeatures({OLD_TOWN_ROAD: VALUES})
    provider.name = "features"
    search = FakeSearch(FakeLookup(track()))
    measure = MeasureService(
        pages=FakePages({}),
        by_name=search.by_name,
        features=provider,
        lookups=lookups,
        filing=FakeFiling(),
    )
    return SourceComparison(
        measure=measure,
        search=search,
        lookups=lookups,
        features=[provider],
        tags=[Tags()],
        tempos=[Tempo()],
        searches=[],
    )


@pytest.mark.parametrize("text", [LINK, "old town road"])
async def test_each_source_says_what_it_knows(text: str) -> None:
    lookup = FakeLookup(track(isrc=ISRC, year=2019))
    answers = await comparison(lookup).compare(text)
    values = {one.name: one.values for one in answers}
    assert list(values) == ["fake", "features", "tags", "tempo"]
    assert (values["fake"]["isrc"], values["fake"]["year"]) == (ISRC, 2019)
    assert values["features"] == VALUES
    assert values["tags"] == {"tags": ["country rap"]}


async def test_a_source_that_fails_says_why_and_spoils_nothing() -> None:
    answers = await comparison(FakeLookup(away=True)).compare(LINK)
    assert {one.name: one.error for one in answers} == {
        "fake": "away",
        "features": None,
        "tags": None,
        "tempo": None,
    }


async def test_an_unknown_name_is_not_found() -> None:
    with pytest.raises(TrackNotFound):
        await comparison().compare("zzz")


async def test_a_tempo_of_half_or_double_is_named() -> None:
    found = disagreements(await comparison(FakeLookup(track())).compare(LINK))
    assert found == [
        Disagreement("tempo", {"features": 136.0, "tempo": 68.0}, is_half_or_double=True)
    ]


async def test_values_that_look_equal_are_no_disagreement() -> None:
    close = FakeFeatures({OLD_TOWN_ROAD: {**VALUES, "tempo": 68.4}})
    assert disagreements(await comparison(features=close).compare(LINK)) == []
