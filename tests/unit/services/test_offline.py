"""Songs that are offered while services are away."""

import pytest

from bot.domain.replies import MAX_CHOICES
from bot.services.offline import BuiltInSongs
from bot.sources import embedded_songs
from bot.sources.embedded_songs import EmbeddedSongs


@pytest.fixture(scope="module")
def offline() -> BuiltInSongs:
    songs = embedded_songs.load()
    return BuiltInSongs(EmbeddedSongs(songs, fuzzy=True), EmbeddedSongs(songs).famous)


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
