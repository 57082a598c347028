"""The page of a search, as it works without script: `/search`."""

import logging
from http import HTTPStatus
from typing import NamedTuple

import pytest

from bot.domain.errors import Unavailable
from bot.domain.replies import Choice
from bot.domain.tracks import Track
from bot.platforms.web.limits import Limit, Limits, Rate
from bot.services.find import MAX_SEARCH_LENGTH
from bot.texts import search_page
from tests.support.factories import HEROES, OLD_TOWN_ROAD, VALUES, track
from tests.support.fake_app import LINK, SHORT_LINK, FakeApp
from tests.support.fake_collections import ALBUM, ARTIST, collection
from tests.unit.platforms.web import public
from tests.unit.platforms.web.conftest import Client
from tests.unit.platforms.web.dropped import serving
from tests.unit.platforms.web.test_suggestions import logged

EVIL = '"><script>alert(1)</script>'


@pytest.fixture
def app() -> FakeApp:
    return FakeApp()


class Found(NamedTuple):
    status: int
    location: str | None
    text: str
    headers: dict[str, str]


async def search(client: Client, **query: str) -> Found:
    async with client.get("/search", params=query, allow_redirects=False) as response:
        headers = dict(response.headers)
        return Found(response.status, headers.get("Location"), await response.text(), headers)


@pytest.mark.parametrize(
    "text",
    ["heroes", "  Heroes  david bowie ", f"https://open.spotify.com/track/{HEROES}?si=1"],
)
async def test_a_song_that_is_clear_leads_to_its_page(app: FakeApp, text: str) -> None:
    async with serving(app) as client:
        found = await search(client, q=text)
    assert (found.status, found.location) == (HTTPStatus.SEE_OTHER, f"/song/{HEROES}")


async def test_a_short_link_is_resolved(app: FakeApp) -> None:
    async with serving(app) as client:
        assert (await search(client, q=SHORT_LINK)).location == f"/song/{OLD_TOWN_ROAD}"


async def test_a_song_of_another_service_has_its_name_in_the_address(app: FakeApp) -> None:
    async with serving(app) as client:
        found = await search(client, q="https://www.deezer.com/track/3135556")
    assert found.location == "/song/deezer-3135556"


async def test_songs_that_may_be_meant_are_links_with_their_artists(app: FakeApp) -> None:
    app.lookup.tracks = [
        track(HEROES, title="Hello", artists=("Adele",)),
        Track(deezer_id="12", title="Hello", artists=(EVIL,), year=1984),
        Track(title="Hello", artists=("No Id",)),
    ]
    app.search.unsure = True
    async with serving(app) as client:
        found = await search(client, q="hello")
    assert found.status == HTTPStatus.OK
    assert f'<a href="/song/{HEROES}">' in found.text
    assert '<a href="/song/deezer-12">' in found.text
    assert "Adele" in found.text
    assert "1984" in found.text
    assert "Several songs fit “hello”" in found.text
    assert "No Id" not in found.text
    assert EVIL not in found.text
    assert 'content="noindex"' in found.text
    assert 'value="hello"' in found.text


async def test_a_song_without_an_id_is_a_card_on_the_page(app: FakeApp) -> None:
    nameless = Track(title="Only Here", artists=("Somebody",))
    app.lookup.tracks = [nameless]
    app.features.known = {nameless.key: VALUES}
    async with serving(app) as client:
        found = await search(client, q="only here")
    assert found.status == HTTPStatus.OK
    assert "Only Here</h" in found.text
    assert "/charts/" not in found.text
    assert "/cards/" not in found.text
    assert not app.predictions.cards


@pytest.mark.parametrize(
    ("ref", "address"),
    [(ALBUM, "https://www.deezer.com/album/101"), (ARTIST, "https://www.deezer.com/artist/303")],
    ids=["album", "artist"],
)
async def test_an_album_or_artist_is_summarised_and_not_stored(
    app: FakeApp, ref: object, address: str
) -> None:
    songs = [track(), track(HEROES, title="Heroes", artists=("David Bowie",))]
    app.collections.known = {ref: collection(songs, ref=ref, title="All of it")}  # type: ignore[dict-item]
    async with serving(app) as client:
        found = await search(client, q=address)
    assert found.status == HTTPStatus.OK
    assert "All of it" in found.text
    assert f'href="/song/{HEROES}"' in found.text
    assert "/charts/" not in found.text
    assert not app.summaries.summaries


@pytest.mark.parametrize(
    ("text", "status", "sentence"),
    [
        ("no such song", HTTPStatus.NOT_FOUND, "I can&#39;t find “no such song”"),
        ("🌹🌹", HTTPStatus.NOT_FOUND, "I can&#39;t find “🌹🌹”"),
        ("", HTTPStatus.BAD_REQUEST, "Type a song"),
        (" \u200b\x01 ", HTTPStatus.BAD_REQUEST, "Type a song"),
        ("x" * (MAX_SEARCH_LENGTH + 1), HTTPStatus.BAD_REQUEST, "too long to search for"),
        ("https://example.org/song", HTTPStatus.BAD_REQUEST, "know that link."),
        (
            "https://open.spotify.com/episode/512ojhOuo1ktJprKbVcKyQ",
            HTTPStatus.BAD_REQUEST,
            "That is an episode link",
        ),
        ("https://spotify.link/unknown", HTTPStatus.BAD_REQUEST, "That short link leads to no"),
        ("https://www.deezer.com/album/9", HTTPStatus.NOT_FOUND, "album"),
    ],
    ids=str.split("name emoji empty invisible long link episode short album"),
)
async def test_what_is_not_found_is_a_sentence(
    app: FakeApp, text: str, status: HTTPStatus, sentence: str
) -> None:
    async with serving(app) as client:
        found = await search(client, q=text)
    assert found.status == status
    assert sentence in found.text


async def test_the_field_has_what_was_searched_for(app: FakeApp) -> None:
    async with serving(app) as client:
        found = await search(client, q=f"nothing {EVIL}")
    assert 'value="nothing &#34;&gt;&lt;script&gt;' in found.text
    assert EVIL not in found.text


async def test_services_that_do_not_answer_are_503_with_songs_known_by_heart(
    app: FakeApp, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    async def away(_: str) -> None:
        raise Unavailable("deezer", "away", retry_after=89.5)

    app.search.find = away  # type: ignore[method-assign, assignment]
    ref = track(HEROES).ref
    assert ref
    app.offline.offered = (Choice("Heroes", ref),)
    async with serving(app) as client:
        found = await search(client, q="my secret song")
    assert found.status == HTTPStatus.SERVICE_UNAVAILABLE
    assert found.headers["Retry-After"] == "90"
    assert "I can&#39;t reach the music services to look up “my secret song”" in found.text
    assert f'<a href="/song/{HEROES}">' in found.text
    assert not [line for line in logged(caplog) if "secret" in line]


async def test_the_page_without_a_question_is_there(app: FakeApp) -> None:
    async with serving(app) as client:
        found = await search(client)
    assert found.status == HTTPStatus.OK
    _, content = found.text.split("</header>")
    assert content.index("<h1>") < content.index('action="/search"')
    assert found.text.count('action="/search"') == 1
    assert search_page.WORDS["hint"] in found.text


async def test_what_was_found_has_the_field_in_the_corner(app: FakeApp) -> None:
    async with serving(app) as client:
        found = await search(client, q="https://www.deezer.com/album/101")
    header, content = found.text.split("</header>")
    assert 'action="/search"' in header
    assert 'action="/search"' not in content


async def test_a_search_sets_no_cookie_and_stores_nothing(app: FakeApp) -> None:
    async with serving(app) as client:
        for text in ("heroes", "no such song", LINK, "https://www.deezer.com/album/101"):
            found = await search(client, q=text)
            assert "Set-Cookie" not in found.headers
    assert not app.predictions.cards
    assert not app.summaries.summaries
    assert not app.messages.stored


@pytest.mark.parametrize("path", ["/search?q=heroes", "/api/suggestions?q=heroes"])
async def test_an_address_that_asks_too_often_waits(app: FakeApp, path: str) -> None:
    rates = dict.fromkeys(Limit, Rate(2, 60)) | {Limit.OTHER: Rate(1000, 1)}
    async with public.serving(app.services, public.SITE, Limits(rates=rates)) as client:
        found = [await public.status(client, path, public.visit()) for _ in range(3)]
    assert found[-1] == HTTPStatus.TOO_MANY_REQUESTS
    assert HTTPStatus.TOO_MANY_REQUESTS not in found[:-1]
