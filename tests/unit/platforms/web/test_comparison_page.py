"""The page that compares two songs, as browsers, crawlers and chats receive it."""

import re
from collections.abc import AsyncIterator
from html import unescape
from http import HTTPStatus
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import texts
from bot.domain.filing import FiledUnder
from bot.domain.tracks import AudioFeatures, MeasuredTrack
from bot.platforms.web.limits import Limit, Limits, Rate
from bot.texts import comparison as words
from bot.texts import comparison_page, contrasts
from tests.support.factories import HEROES, OLD_TOWN_ROAD, VALUES, track
from tests.support.fake_app import LINK, FakeApp
from tests.unit.platforms.web import public
from tests.unit.platforms.web.conftest import EVIL_TITLE, Client
from tests.unit.platforms.web.dropped import serving

NOWHERE = "z" * 22
BOTH = f"/compare?a={OLD_TOWN_ROAD}&b={HEROES}"
CHART = f"/compare/chart.png?a={OLD_TOWN_ROAD}&b={HEROES}"


@pytest.fixture
def app() -> FakeApp:
    found = FakeApp()
    found.features.known = {OLD_TOWN_ROAD: VALUES, HEROES: {**VALUES, "acousticness": 0.9}}
    return found


@pytest.fixture
async def client(app: FakeApp) -> AsyncIterator[Client]:
    async with serving(app) as running:
        yield running


async def page(client: Client, path: str, status: HTTPStatus = HTTPStatus.OK) -> str:
    async with client.get(path, allow_redirects=False) as response:
        assert response.status == status, await response.text()
        assert response.content_type == "text/html"
        assert "Set-Cookie" not in response.headers
        return unescape(await response.text())


async def moved(client: Client, **fields: str) -> str:
    async with client.get(f"/compare?{urlencode(fields)}", allow_redirects=False) as response:
        assert response.status == HTTPStatus.SEE_OTHER, await response.text()
        assert response.headers["Cache-Control"] == "no-store"
        return response.headers["Location"]


def attribute(html: str, pattern: str) -> str:
    found = re.search(pattern, html)
    assert found, pattern
    return found[1]


async def test_two_songs_are_compared(client: Client, app: FakeApp) -> None:
    html = await page(client, BOTH)
    assert "<h1>Old Town Road vs Heroes</h1>" in html
    assert "Both sound like country." in html
    assert "Heroes is more acoustic (0.90 vs 0.05)." in html
    assert contrasts.METHOD in html
    assert html.count('<th scope="row">') == len(VALUES)
    assert f'href="/song/{OLD_TOWN_ROAD}"' in html
    assert f'href="/song/{HEROES}"' in html
    assert len(re.findall(r'<a href="/whatif\?[^"]+">What if</a>', html)) == 2
    assert html.count(">Its page</a>") == 2
    assert f'href="/compare?a={HEROES}&b={OLD_TOWN_ROAD}"' in html, "swapped"
    assert '<meta name="robots" content="noindex">' in html
    assert not app.predictions.cards, "nothing is stored"


async def test_shared_comparison_unfurls_with_its_chart(client: Client) -> None:
    html = await page(client, BOTH)
    image = attribute(html, r'property="og:image" content="(http://127.0.0.1:\d+/[^"]+)"')
    assert attribute(html, r'property="og:url" content="http://[^/]+([^"]+)"') == BOTH
    assert attribute(html, r'property="og:title" content="([^"]+)"') == "Old Town Road vs Heroes"
    assert attribute(html, r'rel="canonical" href="http://[^/]+([^"]+)"') == BOTH
    assert attribute(html, r'name="twitter:card" content="([^"]+)"') == "summary_large_image"
    assert "0.05 and 0.90" in attribute(html, r'property="og:image:alt" content="([^"]+)"')
    async with client.get(image[image.index("/compare") :]) as response:
        assert response.content_type == "image/png"
        assert await response.text() == "Old Town Road - Remix Heroes dark"


@pytest.mark.parametrize("address", [BOTH, "/compare", CHART])
async def test_page_and_chart_are_kept_and_sent_once(client: Client, address: str) -> None:
    async with client.get(address) as response:
        assert response.headers["Cache-Control"].startswith("public, max-age=")
        tag = response.headers["ETag"]
    async with client.get(address, headers={"If-None-Match": tag}) as response:
        assert response.status == HTTPStatus.NOT_MODIFIED
        assert await response.read() == b""
        assert response.headers["ETag"].removeprefix("W/") == tag.removeprefix("W/")
    async with client.get(address, headers={"If-None-Match": '"other"'}) as response:
        assert response.status == HTTPStatus.OK


@pytest.mark.parametrize(
    ("fields", "address"),
    [
        ({"a": LINK, "b": HEROES}, BOTH),
        ({"a": "old town road", "b": "heroes"}, BOTH),
        ({"a": "  heroes ", "b": ""}, f"/compare?a={HEROES}"),
        ({"a": "any words", "chosen-a": HEROES, "b": "", "chosen-b": ""}, f"/compare?a={HEROES}"),
        ({"b": "https://spotify.link/abc"}, f"/compare?b={OLD_TOWN_ROAD}"),
    ],
)
async def test_words_and_links_lead_to_the_address_with_ids(
    client: Client, fields: dict[str, str], address: str
) -> None:
    assert await moved(client, **fields) == address


async def test_form_of_a_comparison_changes_one_song(client: Client) -> None:
    """The name in the other field stands for the same song, however many have that name."""
    html = await page(client, BOTH)
    name = attribute(html, r'name="a" value="([^"]+)"')
    assert name == "Old Town Road - Remix \N{EN DASH} Lil Nas X, Billy Ray Cyrus"
    assert f'name="was-a" value="{OLD_TOWN_ROAD}"' in html
    fields = {"a": name, "was-a": OLD_TOWN_ROAD, "b": "heroes", "was-b": OLD_TOWN_ROAD}
    assert await moved(client, **fields) == BOTH


async def test_several_matches_are_choices_beside_the_other_song(
    client: Client, app: FakeApp
) -> None:
    app.search.unsure = True
    html = await page(client, f"/compare?a={OLD_TOWN_ROAD}&b=heroes")
    assert texts.several_matches("heroes", 1) in html
    assert f'href="{BOTH}"' in html
    assert 'value="heroes"' in html
    html = await page(client, "/compare?a=heroes&b=old+town")
    assert f'href="/compare?a={HEROES}&b=old+town"' in html


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        (f"a={OLD_TOWN_ROAD}&b={NOWHERE}", f"I can't find “{NOWHERE}”"),
        (f"a=no+such+song&b={OLD_TOWN_ROAD}", "I can't find “no such song”"),
        (f"a={OLD_TOWN_ROAD}&b={'x' * 400}", comparison_page.NO_SONG),
        (f"a={OLD_TOWN_ROAD}&b=https://example.org/a", comparison_page.NO_SONG),
        (
            f"a={OLD_TOWN_ROAD}&b=https://open.spotify.com/album/{HEROES}",
            comparison_page.not_a_song("album"),
        ),
        (
            f"a={OLD_TOWN_ROAD}&b=https://open.spotify.com/episode/{HEROES}",
            comparison_page.not_a_song("episode link"),
        ),
    ],
)
async def test_song_that_is_not_found_leaves_the_fields_and_the_other_song(
    client: Client, query: str, sentence: str
) -> None:
    html = await page(client, f"/compare?{query}", HTTPStatus.NOT_FOUND)
    assert sentence in html
    assert "Old Town Road - Remix" in html
    assert html.count('data-suggest="song"') == 2


async def test_sources_that_are_down_are_said_with_when_to_come_back(
    client: Client, app: FakeApp
) -> None:
    app.features.away = True
    async with client.get(BOTH) as response:
        assert response.status == HTTPStatus.SERVICE_UNAVAILABLE
        assert int(response.headers["Retry-After"]) == 90
        assert response.headers["Cache-Control"] == "no-store"
        assert "in about 2 minutes" in await response.text()
    async with client.get(CHART) as response:
        assert response.status == HTTPStatus.SERVICE_UNAVAILABLE
        assert int(response.headers["Retry-After"]) == 90


async def test_same_song_twice_asks_for_another(client: Client, app: FakeApp) -> None:
    html = await page(client, f"/compare?a={HEROES}&b={HEROES}")
    assert words.SAME_SONG in html
    assert "<table" not in html
    assert app.features.asked == 1


async def test_without_a_second_song_famous_ones_are_suggested(app: FakeApp) -> None:
    app.offline.songs = [
        MeasuredTrack(
            track(letter * 22, title=f"Song {letter}"),
            AudioFeatures.from_source(VALUES, "sample"),
            FiledUnder(("rock",), "tables"),
        )
        for letter in "pqr"
    ]
    async with serving(app) as client:
        html = await page(client, "/compare")
        of_one = await page(client, f"/compare?b={HEROES}")
    assert comparison_page.WORDS["lead"] in html
    assert f'href="/compare?a={"p" * 22}&b={"q" * 22}" dir="auto">Song p vs Song q</a>' in html
    assert comparison_page.WORDS["lead_of_one"] in of_one
    assert attribute(of_one, r'name="b" value="([^"]+)"').startswith("Heroes")
    for letter in "pqr":
        assert f'href="/compare?a={letter * 22}&b={HEROES}"' in of_one


async def test_chart_that_cannot_be_drawn_is_a_sentence(app: FakeApp) -> None:
    app.renderer.broken = True
    async with serving(app) as client, client.get(CHART) as response:
        assert response.status == HTTPStatus.NOT_FOUND
        assert (await response.json())["notice"]["text"] == texts.CHART_MISSING


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/compare/chart.png", 404),
        (f"/compare/chart.png?a={HEROES}", 404),
        (f"/compare/chart.png?a={HEROES}&b=no%20id", 404),
        (f"/compare/chart.png?a={HEROES}&b={NOWHERE}", 404),
        (f"{CHART}&theme=pink", 400),
    ],
)
async def test_chart_of_unknown_songs_is_refused(client: Client, path: str, status: int) -> None:
    async with client.get(path) as response:
        assert response.status == status
        assert response.headers["Cache-Control"] == "no-store"


async def test_markup_in_titles_is_displayed_as_text(app: FakeApp) -> None:
    app.lookup.tracks[0] = track(title=EVIL_TITLE, artists=("<i>",))
    async with serving(app) as client, client.get(BOTH) as response:
        html = await response.text()
    assert "<script>alert" not in html
    assert "<i>" not in html
    assert "&lt;/script&gt;" in html


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(a=st.text(max_size=80), b=st.text(max_size=80))
async def test_any_words_get_a_page(client: Client, a: str, b: str) -> None:
    fields = {"a": a.encode(errors="replace").decode(), "b": b.encode(errors="replace").decode()}
    async with client.get("/compare", params=fields, allow_redirects=False) as response:
        assert response.status in (200, 303, 404)


async def test_strangers_are_limited_in_what_asks_sources_alone(app: FakeApp) -> None:
    rates = dict.fromkeys(Limit, Rate(1000, 1)) | {Limit.SONG: Rate(1, 60)}
    async with public.serving(app.services, public.SITE, Limits(rates=rates)) as client:

        async def status(path: str) -> int:
            return await public.status(client, path, public.visit())

        assert [await status(BOTH) for _ in range(3)] == [200, 200, 200], "asked for once"
        assert await status(CHART) == 200
        assert await status(f"/compare?a={HEROES}&b={NOWHERE}") == HTTPStatus.TOO_MANY_REQUESTS
        assert await status("/compare?a=words") == HTTPStatus.TOO_MANY_REQUESTS
        assert await status("/compare") == 200
