"""Songs that are offered while services are away."""

import pytest

from bot.domain.replies import MAX_CHOICES
from bot.services.filing import FiledUnderService
from bot.services.offline import BuiltInSongs
from bot.sources import embedded_songs
from bot.sources.embedded_songs import EmbeddedSongs
from bot.texts import web_page
from model.tag_taxonomy import load_taxonomy


@pytest.fixture(scope="module")
def offline() -> BuiltInSongs:
    songs = embedded_songs.load()
    exact = EmbeddedSongs(songs)
    filing = FiledUnderService([exact], load_taxonomy())
    return BuiltInSongs(EmbeddedSongs(songs, fuzzy=True), exact.famous, exact, filing)


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("bohemian rapsodi", "Bohemian Rhapsody \N{EN DASH} Queen (1975)"),
        ("johny cash", "Ring Of Fire \N{EN DASH} Johnny Cash (1963)"),
        ("old town road live", "Old Town Road \N{EN DASH} Lil Nas X (2019, Remix)"),
    ],
)
async def test_songs_with_similar_names_come_first(
    offline: BuiltInSongs, asked: str, first: str
) -> None:
    offered = await offline.like(asked)
    assert offered[0].label == first
    assert len(offered) <= MAX_CHOICES


@pytest.mark.parametrize("asked", ["zzzzzzz qqqqq", "???", "open.spotify.com/track/" + "x" * 22])
async def test_famous_songs_are_offered_for_anything_else(
    offline: BuiltInSongs, asked: str
) -> None:
    offered = await offline.like(asked)
    assert len({choice.ref for choice in offered}) == MAX_CHOICES


async def test_songs_of_the_empty_page_are_measured_and_filed(offline: BuiltInSongs) -> None:
    measured = await offline.measured(["zzzzzzz - qqqqq", *web_page.DISPUTES])
    names = [f"{web_page.song_name(one.track)} - {one.track.artists[0]}" for one in measured]
    assert names == list(web_page.DISPUTES)
    assert all(one.filed_under and len(one.features.values) >= 8 for one in measured)
