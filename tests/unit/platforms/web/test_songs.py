"""Pages of songs, the same as JSON, and their caching."""

import asyncio
import json
import logging
from dataclasses import replace
from html import unescape

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.domain.errors import StorageFailed
from bot.domain.tracks import SubjectKind, SubjectRef
from bot.platforms.web import events, security
from bot.platforms.web.ids import PLACE
from bot.texts import answer_json, song_page
from tests.support.factories import OLD_TOWN_ROAD
from tests.support.fake_app import FakeApp
from tests.unit.platforms.web.song_pages import (
    EVIL,
    MALFORMED,
    ON_BANDCAMP,
    ON_DEEZER,
    UNHEARD,
    UNKNOWN,
    Head,
    app,
    serving_songs,
    song_app,
)

__all__ = ["app"]

SONG = f"/song/{OLD_TOWN_ROAD}"
ROAD = SubjectRef(SubjectKind.TRACK, OLD_TOWN_ROAD)
KINDS = ["", ".json", "/card.png", "/chart.png"]


async def test_page_of_a_song_is_its_card_without_a_cookie_and_stores_nothing(app: FakeApp) -> None:
    async with serving_songs(app) as client, client.get(SONG) as response:
        assert response.status == 200
        assert response.content_type == "text/html"
        assert security.COOKIE not in response.cookies
        markup = await response.text()
    page = Head(markup)
    assert "Old Town Road - Remix" in page.text
    assert "sounds like country" in page.text
    for address in (f'href="/compare?a={OLD_TOWN_ROAD}"', 'href="/whatif?d'):
        assert markup.count(address) == 1  # a button below the card
    assert not app.predictions.cards
    assert not app.messages.stored


@pytest.mark.parametrize("kind", KINDS)
async def test_everything_of_a_song_is_public_and_not_sent_again_to_those_who_have_it(
    app: FakeApp, kind: str
) -> None:
    async with serving_songs(app) as client:
        async with client.get(SONG + kind) as response:
            assert response.status == 200
            assert response.headers["Cache-Control"].startswith("public, max-age=")
            tag, vary = response.headers["ETag"], response.headers.get("Vary")
            assert "Set-Cookie" not in response.headers
        app.features.away = app.lookup.away = True
        app.renderer.broken = True
        for known in (tag, tag.removeprefix("W/"), f'"other", {tag}', "*"):
            async with client.get(SONG + kind, headers={"If-None-Match": known}) as response:
                assert (response.status, await response.read()) == (304, b"")
                assert (response.headers["ETag"], response.headers.get("Vary")) == (tag, vary)
                assert response.headers["Cache-Control"].startswith("public, max-age=")
        async with client.get(SONG + kind, headers={"If-None-Match": '"other"'}) as response:
            assert response.status == 200
    assert app.features.asked == 1


async def test_page_is_rendered_once_until_votes_change_it(app: FakeApp) -> None:
    async with serving_songs(app) as client:
        async with client.get(SONG) as response:
            before, tag = await response.text(), response.headers["ETag"]
        body = {"song": OLD_TOWN_ROAD, "kind": "choice", "genre": "jazz", "added": True}
        async with client.post("/api/votes", json=body) as response:
            assert response.status == 200
        async with client.get(SONG, headers={"If-None-Match": tag}) as response:
            assert response.status == 200
            after = await response.text()
    assert "1 says jazz." not in before
    assert "1 says jazz." in after


async def test_tags_are_the_same_in_every_process() -> None:
    tags = []
    for _ in range(2):
        async with serving_songs(song_app()) as client, client.get(SONG) as response:
            tags.append(response.headers["ETag"])
    assert tags[0] == tags[1]


@pytest.mark.parametrize("kind", [*KINDS, "/card.svg", "/card.pdf"])
async def test_head_has_the_headers_of_get(app: FakeApp, kind: str) -> None:
    async with serving_songs(app) as client:
        async with client.get(SONG + kind) as response:
            expected = dict(response.headers)
        async with client.head(SONG + kind) as response:
            assert (response.status, await response.read()) == (200, b"")
            found = dict(response.headers)
    for headers in (expected, found):
        del headers["Date"]
    assert found == expected


async def test_json_is_what_ask_prints(app: FakeApp) -> None:
    async with serving_songs(app) as client, client.get(f"{SONG}.json") as response:
        assert response.content_type == "application/json"
        assert response.headers["X-Robots-Tag"] == "noindex"
        printed = await response.text()
    answer = await app.services.songs.answer(ROAD)
    assert printed == json.dumps(answer_json.as_dict(answer))


@pytest.mark.parametrize(
    ("song", "canonical"), [(ON_DEEZER, OLD_TOWN_ROAD), ("deezer-43", None), (ON_BANDCAMP, None)]
)
async def test_another_id_of_a_song_leads_to_its_page(
    app: FakeApp, song: str, canonical: str | None
) -> None:
    async with serving_songs(app) as client:
        async with client.get(f"/song/{song}", allow_redirects=False) as response:
            if canonical is None:
                assert response.status == 200
                page = Head(await response.text())
                assert page.links["canonical"]["href"] == f"https://songs.example/song/{song}"
            else:
                assert response.status == 301
                assert response.headers["Location"] == f"/song/{canonical}"
        async with client.get(f"/song/{song}/card.png", allow_redirects=False) as response:
            assert response.status == 200


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("song", MALFORMED)
async def test_malformed_id_is_not_found_and_asks_nothing(
    app: FakeApp, song: str, kind: str
) -> None:
    async with serving_songs(app) as client, client.get(f"/song/{song}{kind}") as response:
        assert response.status == 404
        assert response.headers["Cache-Control"] == "no-store"
    assert app.features.asked == app.lookup.asked == 0


@pytest.mark.parametrize(
    ("song", "title", "sentence"),
    [
        ("x", song_page.UNKNOWN, song_page.NO_SUCH_SONG),
        (f"{OLD_TOWN_ROAD}/nothing", song_page.UNKNOWN, song_page.NO_SUCH_SONG),
        ("", song_page.UNKNOWN, song_page.NO_SUCH_SONG),
        (UNKNOWN, song_page.UNKNOWN, "I can't find that track. Check the link or the spelling?"),
        (
            UNHEARD,
            song_page.UNHEARD,
            "I know “Unheard”, but none of my sources knows how it sounds.",
        ),
    ],
)
async def test_page_without_an_answer_says_why_and_offers_a_search(
    app: FakeApp, song: str, title: str, sentence: str
) -> None:
    async with serving_songs(app) as client, client.get(f"/song/{song}") as response:
        assert response.status == 404
        assert response.headers["X-Robots-Tag"] == "noindex"
        text = await response.text()
    page = Head(text)
    assert title in page.title
    assert sentence in page.text
    assert page.meta["robots"] == "noindex"
    assert 'action="/search"' in text


@pytest.mark.parametrize(("song", "code"), [("x", "track_not_found"), (UNKNOWN, "track_not_found"),
                                            (UNHEARD, "features_unknown")])  # fmt: skip
async def test_json_without_an_answer_is_an_error(app: FakeApp, song: str, code: str) -> None:
    async with serving_songs(app) as client, client.get(f"/song/{song}.json") as response:
        assert response.status == 404
        error = (await response.json())["error"]
    assert error["code"] == code
    assert error["message"].endswith((".", "?"))


@pytest.mark.parametrize("kind", KINDS)
async def test_while_the_sources_fail_one_may_come_back_later(app: FakeApp, kind: str) -> None:
    app.features.away = True
    async with serving_songs(app) as client:
        async with client.get(SONG + kind) as response:
            assert response.status == 503
            assert response.headers["Retry-After"] == "90"
            assert "The music services don't answer right now" in unescape(await response.text())
        app.features.away = False
        async with client.get(SONG + kind) as response:
            assert response.status == 200


async def test_without_a_network_other_songs_than_the_built_in_ones_are_not_there(
    app: FakeApp,
) -> None:
    app.features.away = app.lookup.away = True
    app.services = replace(app.services, is_offline=lambda: True)
    async with serving_songs(app) as client, client.get(f"/song/{UNKNOWN}") as response:
        assert response.status == 404
        assert 'name="q"' in await response.text()


async def test_while_the_sources_fail_a_song_that_was_voted_on_keeps_its_page(
    app: FakeApp,
) -> None:
    answer = await app.services.songs.answer(ROAD)
    await app.predictions.add(answer, PLACE)
    restarted = song_app()
    restarted.predictions.cards, restarted.predictions.places = (
        app.predictions.cards,
        app.predictions.places,
    )
    restarted.features.away = restarted.lookup.away = True
    async with serving_songs(restarted) as client, client.get(SONG) as response:
        assert response.status == 200


async def test_failures_are_logged_in_equal_lines_without_the_songs(
    app: FakeApp, caplog: pytest.LogCaptureFixture
) -> None:
    app.features.away = app.lookup.away = True
    async with serving_songs(app) as client:
        for number in range(3):
            async with client.get(f"/song/{number:022}") as response:
                assert response.status == 503
        async with client.get(f"/song/{UNKNOWN}") as response:
            assert response.status == 503
    # Equal lines are logged once a minute, see tests/unit/runtime/test_log_setup.py.
    said = [one.getMessage() for one in caplog.records if one.levelno >= logging.WARNING]
    assert said == ["a song's page: Unavailable: fake: away"] * 4


async def test_votes_that_cannot_be_read_leave_the_page(
    app: FakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise StorageFailed("away")

    monkeypatch.setattr(app.votes, "tally_of", fail)
    async with serving_songs(app) as client, client.get(SONG) as response:
        assert response.status == 200


async def test_hostile_names_are_text_everywhere(app: FakeApp) -> None:
    async with serving_songs(app) as client, client.get(f"/song/{EVIL}") as response:
        text = await response.text()
    page = Head(text)
    assert '</script><script>alert("1")</script> & <b>' in page.title
    assert page.meta["og:title"].endswith("<img src=x onerror=alert(1)>")
    assert "<script>alert" not in text
    assert "<img src=x" not in text


async def test_readers_at_once_share_one_answer_and_one_page(app: FakeApp) -> None:
    async def read(client: TestClient) -> str:  # type: ignore[type-arg]
        async with client.get(SONG) as response:
            return await response.text()

    async with serving_songs(app) as client:
        pages = await asyncio.gather(*(read(client) for _ in range(5)))
    assert len(set(pages)) == 1
    assert app.features.asked == 1


async def test_page_of_this_computer_has_its_own_addresses(app: FakeApp) -> None:
    async with TestClient(TestServer(events.build(app.services))) as client:
        async with client.get(SONG) as response:
            page = Head(await response.text())
        assert page.meta["og:url"] == f"http://127.0.0.1:{client.port}{SONG}"
