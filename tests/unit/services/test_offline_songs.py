"""Songs that are offered while services are away."""

import pytest

from bot.domain.replies import MAX_CHOICES
from bot.domain.tracks import Track
from bot.services.offline_songs import OfflineSongs
from bot.sources import embedded_songs


@pytest.fixture(scope="module")
def offline() -> OfflineSongs:
    return OfflineSongs([song.track for song in embedded_songs.load()])


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("bohemian rapsodi", "Bohemian Rhapsody \N{EN DASH} Queen (1975)"),
        ("johny cash", "Ring Of Fire \N{EN DASH} Johnny Cash (1963)"),
        (Track(title="Jolene", artists=("Someone",)), "Jolene \N{EN DASH} Dolly Parton (1973)"),
        ("old town road", "Old Town Road \N{EN DASH} Lil Nas X (2019, Remix)"),
    ],
)
def test_songs_near_by_name_come_first(
    offline: OfflineSongs, asked: str | Track, first: str
) -> None:
    offered = offline.choices(asked)
    assert offered[0].label == first
    assert len(offered) == MAX_CHOICES
    assert len({choice.ref for choice in offered}) == MAX_CHOICES


@pytest.mark.parametrize("asked", [None, "", "zzzzzzz qqqqq", Track("x" * 22)])
def test_some_songs_are_offered_for_anything_else(
    offline: OfflineSongs, asked: str | Track | None
) -> None:
    offered = offline.choices(asked)
    assert len(offered) == MAX_CHOICES
    assert offered == offline.choices(None)
