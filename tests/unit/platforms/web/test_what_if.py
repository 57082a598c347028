"""The page "what if", as browsers without script see it, and what its script asks for."""

import asyncio
import re
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.cards import Card
from bot.domain.votes import Ballot
from bot.platforms.web import present, what_if
from bot.platforms.web.limits import RATES, Limit, Limits, Rate
from bot.platforms.web.pages import Pages
from bot.services.outlooks import TurningPoint
from bot.texts import what_if as words
from model.schema import CORE, INPUT_NAMES
from tests.support import fake_services
from tests.support.factories import HEROES, OLD_TOWN_ROAD, track
from tests.support.fake_app import FakeApp
from tests.unit.platforms.web import public
from tests.unit.platforms.web.conftest import Client

EVIL = '"><script>alert(1)</script>'
HOSTILE = st.lists(
    st.tuples(
        st.sampled_from([*INPUT_NAMES, "song", "start", EVIL]),
        st.one_of(st.sampled_from(["", "NaN", "1e999", "unknown", EVIL]), st.floats().map(str)),
    ),
    max_size=6,
)


async def page(client: Client, query: str = "") -> str:
    async with client.get(f"/whatif?{query}") as response:
        assert response.status == 200
        return await response.text()


async def result(client: Client, query: str) -> dict[str, Any]:
    async with client.get(f"/api/whatif?{query}") as response:
        assert response.status == 200
        found: dict[str, Any] = await response.json()
        return found


async def test_page_has_all_without_a_script(client: Client) -> None:
    text = await page(client, f"danceability=0.71&song={OLD_TOWN_ROAD}")
    assert '<form id="what-if" class="sliders" action="/whatif" method="get"' in text
    for name in INPUT_NAMES:
        assert f'id="f-{name}" name="{name}"' in text
        assert f'<label class="name" for="f-{name}">{words.label(name)}</label>' in text
    assert f'<input type="hidden" name="song" value="{OLD_TOWN_ROAD}">' in text
    assert "What if “Old Town Road” were different?" in text
    assert "Sounds like country." in text
    assert text.count("<polygon") == 2
    assert "danceability 0.71 (was 0.88)" in text
    assert f"{words.PAGE['started_from']}\n" in text
    assert '<p class="legend" aria-hidden="true">' in text
    assert f'href="/whatif?song={OLD_TOWN_ROAD}"' in text  # the way back
    for genre in ("rock", "r%26b", "jazz"):
        assert f'href="/whatif?start={genre}"' in text
    assert " style=" not in text
    assert not re.search(r"<script(?! type=\"module\" src=)", text)


async def test_page_is_cached_briefly_and_not_indexed_and_says_the_verdict(client: Client) -> None:
    async with client.get("/whatif?danceability=0.7") as response:
        text = await response.text()
        assert response.headers["Cache-Control"] == "public, max-age=60"
        assert "Set-Cookie" not in response.headers
    assert '<meta name="robots" content="noindex">' in text
    assert '<meta property="og:title" content="What if the average song were different?">' in text
    said = f"Sounds like country. {words.PAGE['lead']}"  # this model has no turning points
    assert f'<meta property="og:description" content="{said}">' in text
    assert re.search(r'<link rel="canonical" href="http://[^"]+/whatif\?danceability=0\.7&', text)
    assert "oembed" not in text
    async with client.get("/api/whatif?danceability=0.7") as response:
        assert response.headers["Cache-Control"] == "no-store"


async def test_page_can_be_opened_from_a_link_of_another_site(client: Client) -> None:
    async with client.get("/whatif?danceability=0.7", headers=public.FROM_CHAT) as response:
        assert response.status == 200


async def test_public_page_limits_sliders_and_songs_that_are_to_be_looked_up() -> None:
    limits = Limits(rates={**RATES, Limit.WHAT_IF: Rate(3, 10), Limit.SONG: Rate(1, 10)})
    song = f"/api/whatif?song={OLD_TOWN_ROAD}"
    async with public.serving(FakeApp().services, limits=limits) as client:
        assert await public.status(client, song, public.visit()) == 200
        assert await public.status(client, song, public.visit()) == 200  # it is in memory
        other = f"/whatif?song=x&song={HEROES}"
        assert await public.status(client, other, public.visit()) == 429
        assert await public.status(client, "/whatif", public.visit()) == 429
        assert await public.status(client, "/whatif", public.visit(8)) == 200
    assert RATES[Limit.WHAT_IF].number / RATES[Limit.WHAT_IF].seconds >= 20


async def test_result_has_the_markup_of_the_page_and_the_canonical_address(client: Client) -> None:
    found = await result(client, f"danceability=0.710000001&energy=unknown&song={OLD_TOWN_ROAD}")
    assert found["address"].startswith("/whatif?danceability=0.71&energy=unknown&speechiness=0.1&")
    assert found["html"].startswith('<section class="forecast"')
    assert found["html"] in await page(client, found["address"].partition("?")[2])
    assert found["values"]["danceability"] == "0.71"
    assert found["values"]["energy"] == "unknown"
    assert found["turns"] == {}  # this model always says country
    again = await result(client, found["address"].partition("?")[2])
    assert again == found


async def test_what_is_wrong_in_an_address_is_said(client: Client) -> None:
    query = "danceability=7&energy=abc&tempo=0&dancability=1&song=nothing"
    text = await page(client, query)
    for said in (
        "Danceability was above its range, so I took 1.00.",
        "Energy was not a number, so it stays as it was at the start.",
        "Tempo was given as not measured, so it is unknown.",
        "The address also names what is not a feature; I left that out.",
        "I can&#39;t find the song in the address, so I took the average song.",
    ):
        assert said in text


def test_card_leads_to_its_values_and_says_which_are_unknown() -> None:
    subject = replace(track(), year=2019)
    card = present.card(Card(1, fake_services.answer(subject)), Ballot(), {})
    assert card["song"]["what_if"] == (
        "/whatif?danceability=0.88&energy=0.62&speechiness=0.1&acousticness=0.05&instrumentalness=0"
        "&liveness=0.11&valence=0.64&tempo=136&key=unknown&mode=unknown&year=2019"
        f"&song={OLD_TOWN_ROAD}"
    )


async def test_too_few_values_get_a_sentence(client: Client) -> None:
    query = urlencode(dict.fromkeys(CORE[:5], "unknown"))
    assert words.TOO_FEW in await page(client, query)
    html = (await result(client, query))["html"]
    assert words.TOO_FEW in html
    assert words.PAGE["turns"] not in html
    assert words.PAGE["turns"] in (await result(client, ""))["html"]


async def test_unknown_value_is_a_dash_to_the_eye_and_a_word_to_the_ear(client: Client) -> None:
    text = await page(client, "tempo=unknown")
    assert re.search(
        rf'<span class="value" aria-hidden="true"[^>]*>{words.PAGE["no_value"]}</span>', text
    )
    assert re.search(r'name="tempo" [^>]*aria-valuetext="unknown"', text)


async def test_songs_to_start_from_have_no_notes_in_their_names() -> None:
    asked = await FakeApp().services.what_if.answer([], [])
    (song,) = what_if.page(asked, [track(title="Old Town Road - Remix")])["songs"]
    assert song["title"] == "Old Town Road"


@pytest.mark.parametrize(
    ("share", "anchor"),
    [(0.0, "start"), (19.9, "start"), (20.0, "middle"), (80.0, "middle"), (98.0, "end")],
)
def test_name_of_a_turning_point_stays_between_the_ends(share: float, anchor: str) -> None:
    mark = what_if.mark(TurningPoint("energy", share / 100, "electronic", is_higher=True), share)
    assert mark == {"share": share, "anchor": anchor, "genre": "electronic"}


@pytest.mark.parametrize("start", ["jazz", "r&b"])
async def test_a_typical_song_is_a_start(client: Client, start: str) -> None:
    text = await page(client, f"start={quote(start)}")
    assert f"What if a typical {start.replace('&', '&amp;')} song were different?" in text
    assert words.PAGE["started_from"] not in text  # the heading says it
    assert f'<input type="hidden" name="start" value="{start.replace("&", "&amp;")}">' in text


async def test_song_outside_of_a_slider_moves_its_end(client: Client) -> None:
    text = await page(client, "tempo=250&year=1920")
    assert re.search(r'name="tempo" min="40" max="250\.0"', text)
    assert re.search(r'name="year" min="1920\.0" max="2026"', text)


@pytest.fixture(scope="module")
def templates() -> Pages:
    return Pages()


@settings(max_examples=40)
@given(HOSTILE)
def test_no_address_fails_or_becomes_markup(templates: Pages, pairs: list[tuple[str, str]]) -> None:
    asked = asyncio.run(FakeApp().services.what_if.answer(pairs, []))
    values = {"words": words.PAGE, "result": what_if.result(asked)}
    markup = templates.render(
        "what_if.html",
        head=what_if.head(asked, "http://localhost"),
        page=what_if.page(asked, []),
        origin="http://localhost",
        path="/whatif",
        kept="",
        address=asked.address,
        **values,
    )
    assert "<script>alert" not in markup
    assert not re.search(r'="-?(?:nan|inf|None)', markup)
