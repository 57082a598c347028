"""Pictures of songs."""

import asyncio
from http import HTTPStatus
from urllib.parse import unquote

import pytest
from aiohttp.test_utils import TestClient
from aiohttp.web import Application, Request

from bot import texts
from bot.domain.cards import Answer, Theme
from tests.support.factories import OLD_TOWN_ROAD, track
from tests.support.fake_app import FakeApp
from tests.support.fakes import FakeRenderer
from tests.unit.platforms.web.song_pages import EVIL, UNKNOWN, app, serving_songs, song_app

__all__ = ["app"]

SONG = f"/song/{OLD_TOWN_ROAD}"


class CountingRenderer(FakeRenderer):
    """Counts its charts; waits for `gate`."""

    def __init__(self) -> None:
        super().__init__()
        self.charts = 0
        self.started = asyncio.Event()
        self.gate = asyncio.Event()

    async def chart(self, answer: Answer, theme: Theme) -> bytes:
        self.charts += 1
        self.started.set()
        await self.gate.wait()
        return await super().chart(answer, theme)


PICTURES = {
    "card.png": ("image/png", "None dark png"),
    "card.png?theme=light": ("image/png", "None light png"),
    "card.svg?theme=light": ("image/svg+xml", "None light svg"),
    "card.pdf": ("application/pdf", "None dark pdf"),
    "chart.png": ("image/png", "Remix dark"),
    "chart.png?theme=light&v=0": ("image/png", "Remix light"),
}
"""Path to content type and end of the fake picture."""


async def test_song_has_pictures_in_both_themes(app: FakeApp) -> None:
    async with serving_songs(app) as client:
        for path, (content_type, expected) in PICTURES.items():
            async with client.get(f"{SONG}/{path}") as response:
                assert response.content_type == content_type
                assert (await response.text()).endswith(expected)


async def test_saved_picture_is_named_after_the_song(app: FakeApp) -> None:
    async with serving_songs(app) as client:
        for path, shown in (("card.png", "inline"), ("card.svg", "attachment")):
            async with client.get(f"{SONG}/{path}") as response:
                kind, _, name = response.headers["Content-Disposition"].partition("; ")
            assert kind == shown
            saved = unquote(name.removeprefix("filename*=UTF-8''"))
            assert saved.startswith(texts.headline(track()))
        async with client.get(f"/song/{EVIL}/card.png") as response:
            name = unquote(response.headers["Content-Disposition"].partition("UTF-8''")[2])
        assert not set(name) & set('<>"/')


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{SONG}/card.png?theme=pink", 400),
        (f"{SONG}/chart.png?theme=", 400),
        (f"{SONG}/card.gif", 404),
        (f"{SONG}/chart.svg", 404),
        (f"/song/{UNKNOWN}/card.png", 404),
        (f"/song/{UNKNOWN}/chart.png", 404),
    ],
)
async def test_what_is_no_picture_is_refused(app: FakeApp, path: str, status: int) -> None:
    async with serving_songs(app) as client, client.get(path) as response:
        assert response.status == status
        assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("kind", ["card.png", "card.svg", "chart.png"])
async def test_picture_that_cannot_be_drawn_may_be_asked_for_again(app: FakeApp, kind: str) -> None:
    app.renderer.broken = True
    async with serving_songs(app) as client:
        async with client.get(f"{SONG}/{kind}") as response:
            assert response.status == HTTPStatus.SERVICE_UNAVAILABLE
            assert response.headers["Retry-After"] == "60"
            assert (await response.json())["notice"]["text"] == texts.PICTURE_MISSING
        app.renderer.broken = False
        async with client.get(f"{SONG}/{kind}") as response:
            assert response.status == HTTPStatus.OK


async def test_readers_at_once_and_later_share_one_drawing() -> None:
    renderer = CountingRenderer()
    app = song_app(renderer)

    async def read(client: TestClient[Request, Application]) -> bytes:
        async with client.get(f"{SONG}/chart.png") as response:
            return await response.read()

    async with serving_songs(app) as client:
        reading = [asyncio.create_task(read(client)) for _ in range(4)]
        await renderer.started.wait()
        renderer.gate.set()
        pictures = [*await asyncio.gather(*reading), await read(client)]
    assert len(set(pictures)) == 1
    assert renderer.charts == 1
