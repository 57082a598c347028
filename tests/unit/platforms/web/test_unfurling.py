"""What an unfurling service finds behind a link to a song, and what it gets of oEmbed."""

import io
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image

from bot import texts
from bot.render.renderer import ChartRenderer
from bot.services.sharing import ShareService
from bot.texts import song_page
from model.genre_colours import genre_colours
from tests.support.factories import HEROES, OLD_TOWN_ROAD, track
from tests.support.fake_app import FakeApp
from tests.unit.platforms.web.conftest import Client
from tests.unit.platforms.web.song_pages import (
    EVIL,
    ORIGIN,
    UNHEARD,
    UNKNOWN,
    Head,
    app,
    serving_songs,
)

__all__ = ["app"]

SONG = f"{ORIGIN}/song/{OLD_TOWN_ROAD}"


def ours(address: str | None) -> str:
    """Return path and query of an address of the site."""
    assert address is not None
    assert address.startswith(f"{ORIGIN}/")
    return address.removeprefix(ORIGIN)


async def embedding(client: Client, query: dict[str, str], status: int = 200) -> dict[str, Any]:
    async with client.get("/oembed", params=query) as response:
        assert response.status == status, await response.text()
        assert response.content_type == "application/json"
        found: dict[str, Any] = await response.json()
        return found


async def test_link_unfurls_as_title_sentence_and_picture_of_the_stated_size(app: FakeApp) -> None:
    with ChartRenderer(processes=0) as renderer:
        share = ShareService(renderer, app.covers, app.services.voting)
        app.services = replace(app.services, share=share)
        async with serving_songs(app) as client:
            async with client.get(f"/song/{OLD_TOWN_ROAD}") as response:
                head = Head(await response.text())
            async with client.get(ours(head.meta["og:image"])) as response:
                assert response.content_type == head.meta["og:image:type"] == "image/png"
                assert response.headers["Content-Disposition"].startswith("inline")
                picture = await response.read()
    with Image.open(io.BytesIO(picture)) as image:
        assert image.format == "PNG"
        stated = head.meta["og:image:width"], head.meta["og:image:height"]
        assert tuple(map(str, image.size)) == stated
    said = "Filed under hip-hop, but sounds like country."
    assert head.meta["og:description"].replace("\u00a0", " ") == said
    expected = {
        "og:site_name": "Soundslike",
        "og:type": "music.song",
        "og:title": texts.headline(track()),
        "og:url": SONG,
        "twitter:card": "summary_large_image",
        "twitter:title": head.meta["og:title"],
        "twitter:description": head.meta["og:description"],
        "description": head.meta["og:description"],
        "twitter:image": head.meta["og:image"],
        "theme-color": genre_colours("dark")["country"],
    }
    assert {name: head.meta.get(name) for name in expected} == expected
    assert head.meta["og:image:alt"].startswith(expected["og:title"] + ".")
    assert head.links["canonical"]["href"] == SONG
    assert "robots" not in head.meta


async def test_sentence_says_where_a_song_is_filed_if_the_verdict_does_not(app: FakeApp) -> None:
    app.filing.known = {HEROES: replace(app.filing.known[HEROES], genres=("country",))}
    async with serving_songs(app) as client, client.get(f"/song/{HEROES}") as response:
        head = Head(await response.text())
    said = head.meta["og:description"].replace("\u00a0", " ")
    assert said == "Sounds like country. Filed under country, too."


async def test_picture_has_another_address_after_a_vote(app: FakeApp) -> None:
    addresses = []
    async with serving_songs(app) as client:
        for genre in ("jazz", "folk"):
            async with client.get(f"/song/{OLD_TOWN_ROAD}") as response:
                addresses.append(Head(await response.text()).meta["og:image"])
            async with client.get(ours(addresses[-1])) as response:
                picture = await response.text()
            body = {"song": OLD_TOWN_ROAD, "kind": "choice", "genre": genre, "added": True}
            async with client.post("/api/votes", json=body) as response:
                assert response.status == 200
    assert len(set(addresses)) == 2
    assert "1 says jazz." in picture


async def test_page_names_its_oembed_data_which_name_the_picture(app: FakeApp) -> None:
    async with serving_songs(app) as client:
        async with client.get(f"/song/{OLD_TOWN_ROAD}") as response:
            head = Head(await response.text())
        link = head.links["alternate"]
        assert link["type"] == "application/json+oembed"
        address = urlsplit(ours(link["href"]))
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        assert (address.path, query["url"]) == ("/oembed", SONG)
        found = await embedding(client, query)
    picture = head.meta["og:image"]
    assert found == {
        "version": "1.0",
        "type": "photo",
        "title": head.meta["og:title"],
        "author_name": "Lil Nas X, Billy Ray Cyrus",
        "provider_name": "Soundslike",
        "provider_url": f"{ORIGIN}/",
        "cache_age": 300,
        "url": picture,
        "width": 1080,
        "height": 1080,
        "thumbnail_url": picture,
        "thumbnail_width": 1080,
        "thumbnail_height": 1080,
    }


@pytest.mark.parametrize(
    ("url", "status"),
    [
        (f"http://localhost:8765/song/{OLD_TOWN_ROAD}", 200),
        (f"http://127.0.0.1/song/{OLD_TOWN_ROAD}/", 200),
        (f"https://elsewhere.example/song/{OLD_TOWN_ROAD}", 404),
        (f"https://localhost@elsewhere.example/song/{OLD_TOWN_ROAD}", 404),
    ],
)
async def test_page_is_embedded_by_every_name_under_which_it_answers(
    app: FakeApp, url: str, status: int
) -> None:
    async with (
        serving_songs(app) as client,
        client.get("/oembed", params={"url": url}) as response,
    ):
        assert response.status == status


async def test_address_with_a_slash_at_its_end_leads_to_the_page(app: FakeApp) -> None:
    path = f"/song/{OLD_TOWN_ROAD}"
    async with (
        serving_songs(app) as client,
        client.get(f"{path}/", allow_redirects=False) as response,
    ):
        assert (response.status, response.headers["Location"]) == (301, path)


@pytest.mark.parametrize(
    ("sizes", "kind"),
    [
        ({"maxwidth": "1080", "maxheight": "1080"}, "photo"),
        ({"maxwidth": "9999999999999999999"}, "photo"),
        ({"maxwidth": "1079"}, "link"),
        ({"maxwidth": "2000", "maxheight": "600"}, "link"),
    ],
)
async def test_picture_that_is_too_large_is_a_link(
    app: FakeApp, sizes: dict[str, str], kind: str
) -> None:
    async with serving_songs(app) as client:
        found = await embedding(client, {"url": SONG, **sizes})
    assert found["type"] == kind
    assert ("url" in found, "thumbnail_url" in found) == ((kind == "photo"),) * 2


@pytest.mark.parametrize(
    ("query", "status", "text"),
    [
        ({}, 400, song_page.URL_MISSING),
        ({"url": ""}, 400, song_page.URL_MISSING),
        ({"url": SONG, "format": "xml"}, 501, song_page.ONLY_JSON),
        ({"url": SONG, "maxwidth": "0"}, 400, song_page.SIZE_MALFORMED),
        ({"url": SONG, "maxheight": "wide"}, 400, song_page.SIZE_MALFORMED),
        ({"url": SONG, "maxheight": "-1"}, 400, song_page.SIZE_MALFORMED),
        *(
            ({"url": url}, 404, song_page.NO_EMBEDDING)
            for url in (
                f"https://evil.example/song/{OLD_TOWN_ROAD}",
                f"https://songs.example.evil.example/song/{OLD_TOWN_ROAD}",
                f"https://songs.example:8443/song/{OLD_TOWN_ROAD}",
                f"ftp://songs.example/song/{OLD_TOWN_ROAD}",
                f"//songs.example/song/{OLD_TOWN_ROAD}",
                f"{ORIGIN}/",
                f"{ORIGIN}/cards/1.png",
                f"{SONG}/card.png",
                f"{ORIGIN}/search?q=/song/{OLD_TOWN_ROAD}",
                "https://[",
                "https://songs.example:port/song/x",
                "javascript:alert(1)",
                "\x00",
            )
        ),
        ({"url": f"{ORIGIN}/song/x"}, 404, song_page.NO_SUCH_SONG),
        ({"url": f"{ORIGIN}/song/{UNKNOWN}"}, 404, None),
        ({"url": f"{ORIGIN}/song/{UNHEARD}"}, 404, None),
    ],
)
async def test_what_cannot_be_embedded_is_an_error(
    app: FakeApp, query: dict[str, str], status: int, text: str | None
) -> None:
    async with serving_songs(app) as client:
        error = (await embedding(client, query, status))["error"]
    assert error["code"]
    assert text in (None, error["message"])


@pytest.mark.parametrize(
    "url",
    [
        f"http://songs.example/song/{OLD_TOWN_ROAD}",
        f"https://SONGS.example:443/song/{OLD_TOWN_ROAD}",
        f"{SONG}?utm_source=x#top",
        f"{ORIGIN}/song/deezer-42",
    ],
)
async def test_other_forms_of_the_address_can_be_embedded(app: FakeApp, url: str) -> None:
    async with serving_songs(app) as client:
        assert (await embedding(client, {"url": url}))["url"].startswith(f"{SONG}/card.png?")


async def test_hostile_names_can_be_embedded(app: FakeApp) -> None:
    async with serving_songs(app) as client:
        found = await embedding(client, {"url": f"{ORIGIN}/song/{EVIL}"})
    assert found["author_name"] == "</title><img src=x onerror=alert(1)>"


async def test_embedding_while_the_sources_fail(app: FakeApp) -> None:
    app.features.away = app.lookup.away = True
    async with serving_songs(app) as client:
        await embedding(client, {"url": SONG}, 503)
