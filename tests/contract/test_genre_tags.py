"""Contract of GenreTagSource: the adapters against their stand-ins."""

from collections.abc import AsyncIterator
from dataclasses import replace

import aiohttp
import pytest

from bot.domain.errors import Forbidden, Unavailable
from bot.domain.tracks import Track
from bot.sources.discogs import Discogs
from bot.sources.genre_tags import genre_tags
from bot.sources.lastfm import LastFm
from bot.sources.musicbrainz import MusicBrainz
from tests.contract.music_adapters import (
    QUEEN,
    ROAD,
    UNKNOWN,
    UNTAGGED,
    Adapters,
    known,
    music_world,
)
from tests.stubs.music.service import Fault
from tests.stubs.music.tag_services import LASTFM_KEY

SOURCES = ["musicbrainz", "listenbrainz", "lastfm", "discogs"]


@pytest.fixture
async def adapters(session: aiohttp.ClientSession) -> AsyncIterator[Adapters]:
    async with music_world().running() as world:
        yield Adapters(world, session)


@pytest.mark.parametrize("name", SOURCES)
async def test_tags_are_shares_strongest_first(adapters: Adapters, name: str) -> None:
    found = await adapters.tags[name]().tags(known(ROAD))
    assert found is not None
    assert found.source == name
    weights = [tag.weight for tag in found.tags]
    assert weights == sorted(weights, reverse=True)
    assert sum(weights) == pytest.approx(1)
    assert all(0 < weight <= 1 for weight in weights)


@pytest.mark.parametrize("name", ["musicbrainz", "listenbrainz", "lastfm"])
async def test_a_recordings_own_tags_come_first(adapters: Adapters, name: str) -> None:
    found = await adapters.tags[name]().tags(known(ROAD))
    assert found is not None
    assert [tag.name for tag in found.tags] == ["country rap", "hip hop"]
    assert found.tags[0].weight == pytest.approx(0.6, abs=0.01)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("musicbrainz", "rock"), ("listenbrainz", "rock"), ("lastfm", "glam rock")],
)
async def test_without_own_tags_those_of_the_album_or_artist_are_told(
    adapters: Adapters, name: str, expected: str
) -> None:
    found = await adapters.tags[name]().tags(known(QUEEN))
    assert found is not None
    assert found.tags[0].name == expected


@pytest.mark.parametrize("name", SOURCES)
async def test_an_unknown_track_has_no_tags(adapters: Adapters, name: str) -> None:
    assert await adapters.tags[name]().tags(known(UNKNOWN)) is None


@pytest.mark.parametrize("name", ["musicbrainz", "listenbrainz", "lastfm"])
async def test_an_untagged_track_has_no_tags(adapters: Adapters, name: str) -> None:
    assert await adapters.tags[name]().tags(known(UNTAGGED)) is None


@pytest.mark.parametrize("name", SOURCES)
async def test_a_track_that_cannot_be_asked_for_is_none(adapters: Adapters, name: str) -> None:
    assert await adapters.tags[name]().tags(Track(deezer_id="7")) is None
    assert adapters.world.asked() == {}


@pytest.mark.parametrize("name", SOURCES)
@pytest.mark.parametrize("fault", [fault for fault in Fault if fault is not Fault.HELD])
async def test_a_failing_source_raises_unavailable(
    adapters: Adapters, name: str, fault: Fault
) -> None:
    adapters.world.fail(fault)
    with pytest.raises(Unavailable):
        await adapters.tags[name]().tags(known(ROAD))


async def test_a_recording_whose_tags_name_no_genre_is_filed_by_its_album(
    adapters: Adapters,
) -> None:
    service = adapters.http(adapters.world.musicbrainz)
    album = await MusicBrainz(service, {"country"}.__contains__).tags(known(ROAD))
    artist = await MusicBrainz(service, {"pop rap"}.__contains__).tags(known(ROAD))
    assert album is not None
    assert artist is not None
    assert (album.tags[0].name, artist.tags[0].name) == ("country", "pop rap")


async def test_tagged_recording_takes_one_request_and_an_untagged_one_two(
    adapters: Adapters,
) -> None:
    await adapters.musicbrainz.tags(replace(known(ROAD), musicbrainz_id=None))
    assert adapters.world.musicbrainz.asked() == 1
    await adapters.musicbrainz.tags(replace(known(QUEEN), musicbrainz_id=None))
    assert adapters.world.musicbrainz.asked() == 3


async def test_a_refused_key_is_named_and_never_told(adapters: Adapters) -> None:
    source = LastFm(adapters.http(adapters.world.lastfm), "wrong" * 6)
    with pytest.raises(Forbidden, match="LASTFM_API_KEY") as raised:
        await source.tags(known(ROAD))
    assert "wrongwrong" not in str(raised.value)
    assert LASTFM_KEY not in str(raised.value)


async def test_discogs_token_is_sent_in_a_header_only(adapters: Adapters) -> None:
    token = "secret-token"  # noqa: S105 - of this test
    with pytest.raises(Forbidden):
        await Discogs(adapters.http(adapters.world.discogs), token).tags(known(ROAD))
    [(_, path, query)] = adapters.world.discogs.requests
    assert token not in f"{path} {query}"


@pytest.mark.parametrize(
    "rows",
    [None, "x", [], [None, 7], [{"name": 1, "count": 1}], [{"name": "a", "count": 0}],
     [{"name": "a", "count": float("nan")}], [{"name": "", "count": 3}],
     [{"name": "x" * 101, "count": 3}], [{"name": "a", "count": True}]],
    ids=str,
)  # fmt: skip
def test_rows_that_are_no_tags_are_left_out(rows: object) -> None:
    assert genre_tags("source", rows) is None


def test_equal_tags_are_added() -> None:
    found = genre_tags(
        "source", [{"name": "a", "count": 1}, {"name": "b", "count": 2}, {"name": "a", "count": 3}]
    )
    assert found is not None
    assert [(tag.name, round(tag.weight, 2)) for tag in found.tags] == [("a", 0.67), ("b", 0.33)]
