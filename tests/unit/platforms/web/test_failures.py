"""Failures that no endpoint answers itself: a sentence for people, one line in the log."""

import logging

import pytest

from bot.domain.errors import ModelUnusable
from bot.texts import song_page
from tests.support.factories import OLD_TOWN_ROAD
from tests.support.fake_app import FakeApp
from tests.unit.platforms.web.song_pages import app, serving_songs

__all__ = ["app"]


@pytest.mark.parametrize(
    "path", ["/whatif", f"/compare?a={OLD_TOWN_ROAD}", f"/api/ballot?song={OLD_TOWN_ROAD}"]
)
async def test_unusable_model_is_a_sentence_and_no_crash(
    app: FakeApp, path: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(*_: object) -> None:
        raise ModelUnusable("wide: the bundle is damaged")

    monkeypatch.setattr(app.services.songs._models, "get", fail)
    caplog.set_level(logging.WARNING)
    async with serving_songs(app) as client:
        async with client.get(path) as response:
            assert response.status == 503
            assert response.headers["Retry-After"] == "60"
            notice = (await response.json())["notice"]
        async with client.get(path, headers={"Accept": "text/html"}) as response:
            assert response.status == 503
            page = await response.text()
    assert notice["text"] in page
    assert f"<h1>{song_page.FAILED}</h1>" in page
    assert "Traceback" not in caplog.text
    assert 'File "' not in caplog.text
