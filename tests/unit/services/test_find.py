"""Finding what a text asks for, without answering it."""

import pytest

from bot.domain.errors import NoTrackLink, TrackNotFound, Unavailable
from bot.domain.music_services import MusicService
from bot.domain.ranking import Matches
from bot.domain.tracks import SubjectKind, SubjectRef, Track
from tests.support.factories import HEROES, OLD_TOWN_ROAD
from tests.support.fake_app import LINK, SHORT_LINK, FakeApp

EPISODE = "https://open.spotify.com/episode/512ojhOuo1ktJprKbVcKyQ"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (LINK, SubjectRef(SubjectKind.TRACK, OLD_TOWN_ROAD)),
        (f"look: {EPISODE} {LINK}", SubjectRef(SubjectKind.TRACK, OLD_TOWN_ROAD)),
        (SHORT_LINK, SubjectRef(SubjectKind.TRACK, OLD_TOWN_ROAD)),
        ("  heroes ", SubjectRef(SubjectKind.TRACK, HEROES)),
        (
            "https://www.deezer.com/artist/303",
            SubjectRef(SubjectKind.ARTIST, "303", MusicService.DEEZER),
        ),
    ],
    ids=str.split("link first short name artist"),
)
async def test_a_text_means_one_subject(app: FakeApp, text: str, found: SubjectRef) -> None:
    assert await app.services.find.find(text) == found
    assert not app.predictions.cards


async def test_a_song_without_an_id_and_songs_that_may_be_meant_are_matches(app: FakeApp) -> None:
    song = Track(title="Only Here", artists=("Somebody",))
    app.lookup.tracks = [song]
    found = await app.services.find.find("only here")
    assert isinstance(found, Matches)
    assert found.best == song
    app.search.unsure = True
    assert await app.services.find.find("only here") == Matches(close=(song,))


@pytest.mark.parametrize(
    ("text", "link_kind"),
    [(EPISODE, "episode"), ("https://spotify.link/gone", "short"), ("ftp://x", None), ("", None)],
)
async def test_what_is_no_name_has_no_link(app: FakeApp, text: str, link_kind: str | None) -> None:
    with pytest.raises(NoTrackLink) as raised:
        await app.services.find.find(text)
    assert raised.value.link_kind == link_kind


async def test_an_unknown_name_is_not_found(app: FakeApp) -> None:
    with pytest.raises(TrackNotFound):
        await app.services.find.find("no such song")


async def test_a_service_that_fails_is_unavailable(app: FakeApp) -> None:
    app.lookup.away = True
    with pytest.raises(Unavailable):
        await app.services.find.find("heroes")
