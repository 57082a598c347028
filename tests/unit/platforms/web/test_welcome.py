"""What the server renders of the empty chat page."""

import asyncio
from collections.abc import Sequence

from bot.domain.cards import Answer
from bot.domain.filing import FiledUnder
from bot.domain.tracks import AudioFeatures, MeasuredTrack
from bot.platforms.web.views.welcome import Welcome
from bot.services.disputes import DisputeService
from bot.texts.site import FRAME
from tests.support.factories import OLD_TOWN_ROAD, VALUES, answer, track
from tests.support.fake_app import LINK, FakeApp
from tests.unit.platforms.web.conftest import Client
from tests.unit.platforms.web.dropped import serving

EVIL = '"><script>alert(1)</script>'


def disputed(*titles: str, spotify_id: str | None = OLD_TOWN_ROAD) -> list[MeasuredTrack]:
    features = AudioFeatures.from_source(VALUES, "sample")
    filed = FiledUnder(("rock", "pop"), "tables")
    tracks = (track(spotify_id, title=title) for title in titles)
    return [MeasuredTrack(one, features, filed) for one in tracks]


async def page(client: Client) -> str:
    async with client.get("/") as response:
        assert response.status == 200
        assert "Set-Cookie" not in response.headers
        return await response.text()


async def test_disputes_are_links_that_work_without_script() -> None:
    app = FakeApp()
    app.offline.songs = disputed("Old Town Road")
    async with serving(app) as client:
        text = await page(client)
    assert f'href="/song/{OLD_TOWN_ROAD}" data-ask="{LINK}"' in text
    assert "Filed: rock, pop." in text
    assert not app.predictions.cards


async def test_a_dispute_without_an_id_leads_to_a_search_and_is_escaped() -> None:
    app = FakeApp()
    app.offline.songs = disputed(f"Hound {EVIL}", spotify_id=None)
    async with serving(app) as client:
        text = await page(client)
    assert 'href="/search?q=Hound+%22%3E%3Cscript' in text
    assert EVIL not in text


async def test_examples_are_searches_where_nothing_is_disputed() -> None:
    async with serving(FakeApp()) as client:
        text = await page(client)
    assert 'href="/search?q=Old+Town+Road" data-ask="Old Town Road"' in text


async def test_page_where_nothing_is_offers_the_disputes() -> None:
    app = FakeApp()
    app.offline.songs = disputed("Old Town Road")
    browser = {"Accept": "text/html"}
    async with serving(app) as client:
        await page(client)  # they are ready
        async with client.get("/song/nothing", headers=browser) as response:
            text = await response.text()
    assert f'href="/song/{OLD_TOWN_ROAD}"' in text
    assert FRAME["disputes"] in text
    assert "/welcome.css" in text


async def test_page_where_nothing_is_does_not_wait_for_disputes(client: Client) -> None:
    async with client.get("/nothing", headers={"Accept": "text/html"}) as response:
        text = await response.text()
    assert 'action="/search"' in text
    assert FRAME["disputes"] not in text


class SlowDisputes(DisputeService):
    """Fails when `gate` is set."""

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.began = 0

    async def among(self, songs: Sequence[str]) -> Sequence[Answer]:
        del songs
        self.began += 1
        await self.gate.wait()
        raise RuntimeError("broken")


async def test_page_does_not_wait_for_slow_disputes_and_classifies_them_once() -> None:
    disputes = SlowDisputes()
    welcome = Welcome(disputes, patience=0)
    await welcome.start()
    for _ in range(3):
        values = await welcome.values()
        assert not values["disputes"]
        assert values["examples"]
        assert not welcome.ready()
    assert disputes.began == 1
    await welcome.stop()


class ReadyDisputes(DisputeService):
    """Returns `found`, those of the model that answers."""

    def __init__(self) -> None:
        self.found: Sequence[Answer] = ()

    async def among(self, songs: Sequence[str]) -> Sequence[Answer]:
        del songs
        return self.found


async def test_pages_that_do_not_wait_offer_the_disputes_of_a_new_model_next_time() -> None:
    disputes = ReadyDisputes()
    before, after = ([answer(subject=track(title=title))] for title in ("Before", "After"))
    disputes.found = before
    welcome = Welcome(disputes)
    await welcome.values()
    disputes.found = after  # the model was replaced
    offered = []
    for _ in range(2):
        offered.append([one["title"] for one in welcome.ready()])
        await asyncio.sleep(0)
    assert offered == [["Before"], ["After"]]
    await welcome.stop()


async def test_page_works_without_disputes_that_fail() -> None:
    disputes = SlowDisputes()
    disputes.gate.set()
    welcome = Welcome(disputes)
    assert not (await welcome.values())["disputes"]
    assert not welcome.ready()
    await welcome.stop()
