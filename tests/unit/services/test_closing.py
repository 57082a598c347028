"""Services that are closed leave no task behind, even while a source hangs."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.domain.places import Place
from bot.domain.tracks import SubjectKind, SubjectRef, Track
from bot.services.search import SearchService
from tests.support.blocked_features import blocked_features
from tests.support.factories import OLD_TOWN_ROAD, track
from tests.support.fake_app import FakeApp
from tests.support.fake_services import answer

ROAD = SubjectRef(SubjectKind.TRACK, OLD_TOWN_ROAD)
TYPED = "lil nas"


class Hanging:
    """Asks a source that never answers; `asked` is set when it is asked."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()

    async def __call__(self, *_: object, **__: object) -> None:
        self.asked.set()
        await asyncio.get_running_loop().create_future()


async def suggest(app: FakeApp) -> None:
    await app.services.autocomplete.suggest(TYPED)


async def suggest_artist(app: FakeApp) -> None:
    app.lookup.tracks = [Track(title=TYPED, artists=("Lil Nas X",))]
    await app.services.autocomplete.suggest_with_artist(TYPED)


WORK: dict[str, tuple[str, str, Callable[[FakeApp], Awaitable[object]]]] = {
    "a song": ("features", "measure", lambda app: app.services.songs.answer(ROAD)),
    "a card": (
        "predictions",
        "newest",
        lambda app: app.classify.card(answer(track()), Place("web", "public", "chat")),
    ),
    "a name": ("lookup", "search", lambda app: SearchService.find(app.search, TYPED)),
    "what is typed": ("lookup", "search", suggest),
    "an artist": ("artists", "artist", suggest_artist),
    "disputes": ("offline", "measured", lambda app: app.services.disputes.among(["a song"])),
}
"""Name to the fake and its method that hangs, and what asks it."""


@pytest.mark.parametrize("name", WORK)
async def test_work_whose_caller_has_left_ends_with_the_services(app: FakeApp, name: str) -> None:
    fake, method, ask = WORK[name]
    hanging = Hanging()
    assert callable(getattr(getattr(app, fake), method))
    setattr(getattr(app, fake), method, hanging)
    caller = asyncio.ensure_future(ask(app))
    await hanging.asked.wait()
    caller.cancel()
    await asyncio.wait([caller])
    assert others() > 0
    await app.close()
    assert others() == 0


async def test_a_comparison_that_has_not_begun_is_cancelled(app: FakeApp) -> None:
    comparison = app.services.comparison
    caller = asyncio.ensure_future(comparison.compare(answer(track()), answer(Track(title="Y"))))
    await asyncio.sleep(0)
    await comparison.close()
    with pytest.raises(asyncio.CancelledError):
        await caller


async def test_a_question_for_a_song_is_cancelled(app: FakeApp) -> None:
    with blocked_features(app, started := asyncio.Event()):
        caller = asyncio.ensure_future(app.services.songs.answer(ROAD))
        await started.wait()
        assert await app.services.songs.is_ready(ROAD)
        await app.services.songs.close()
        assert not await app.services.songs.is_ready(ROAD)
        with pytest.raises(asyncio.CancelledError):
            await caller


def others() -> int:
    """Return the number of tasks besides the test's own."""
    return len(asyncio.all_tasks()) - 1
