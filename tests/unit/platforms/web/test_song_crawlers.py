"""Crawlers of any number of songs' pages."""

from collections.abc import Mapping
from typing import Any

import pytest

from bot.domain.tracks import SubjectKind, SubjectRef
from bot.platforms.web import song_answers
from bot.platforms.web.caching import Bodies
from bot.platforms.web.song_answers import SongAnswers
from bot.platforms.web.views import song_pictures
from bot.platforms.web.views import songs as song_views
from bot.services import songs, voting
from tests.support.factories import VALUES
from tests.support.fake_app import FakeApp
from tests.unit.platforms.web.conftest import Client
from tests.unit.platforms.web.song_pages import serving_songs, song_app

SONGS = songs.CACHE_SIZE + 1000
BOUND = 8
"""Of each structure in memory, in the crawl over HTTP."""


class EverySong(dict[str, Mapping[str, float]]):
    """Features of every song."""

    def get(self, key: str, default: Any = None) -> Mapping[str, float]:
        del key, default
        return VALUES


def answering_all() -> FakeApp:
    app = song_app()
    app.features.known = EverySong()
    return app


def sizes(client: Client, app: FakeApp) -> dict[str, int]:
    """Return the number of values in each structure that requests for songs fill."""
    service, voting_ = app.services.songs, app.services.voting
    found = {
        "answers": len(service._answers),
        "misses": len(service._misses),
        "asked": len(service._asking._in_flight),
        "tallies": len(voting_._tallies),
    }
    owners = {getattr(route.handler, "__self__", None) for route in client.app.router.routes()}
    for owner in owners:
        for name, value in vars(owner or object).items():
            if isinstance(value, SongAnswers):
                found["versions"] = len(value._versions)
            if isinstance(value, Bodies):
                found[f"{owner} {name}"] = len(value._bodies._results)
                found[f"{owner} {name} tags"] = len(value._tags)
    return found


async def test_answers_in_memory_are_bounded_and_none_is_stored() -> None:
    app = answering_all()
    for number in range(SONGS):
        await app.services.songs.answer(SubjectRef(SubjectKind.TRACK, f"{number:022}"))
    assert len(app.services.songs._answers) == songs.CACHE_SIZE < SONGS
    assert not app.predictions.cards


@pytest.mark.parametrize("known", [True, False])
async def test_crawler_fills_neither_memory_nor_database(
    monkeypatch: pytest.MonkeyPatch, *, known: bool
) -> None:
    for module, name in (
        (songs, "CACHE_SIZE"),
        (songs, "MISSES"),
        (voting, "TALLIES"),
        (song_answers, "VERSIONS"),
        (song_views, "KEPT"),
        (song_pictures, "KEPT"),
    ):
        monkeypatch.setattr(module, name, BOUND)
    monkeypatch.setattr(Bodies.__init__, "__defaults__", (BOUND,))
    app = answering_all() if known else song_app()
    async with serving_songs(app) as client:
        for number in range(3 * BOUND):
            for kind in ("", ".json", "/card.png", "/chart.png"):
                async with client.get(f"/song/{number:022}{kind}") as response:
                    assert response.status == (200 if known else 404)
        found = sizes(client, app)
    assert max(found.values()) == BOUND
    assert len(found) == 13
    assert not app.predictions.cards
    assert not app.messages.stored
    assert app.features.asked == 3 * BOUND
