"""The famous disputes of the empty page."""

from bot.domain.filing import FiledUnder
from bot.domain.tracks import AudioFeatures, MeasuredTrack
from bot.texts import web_page
from tests.support.factories import VALUES, track
from tests.support.fake_app import LINK, FakeApp
from tests.unit.platforms.web.conftest import Client
from tests.unit.platforms.web.dropped import serving


async def disputes(client: Client) -> list[dict[str, object]]:
    async with client.get("/api/disputes") as response:
        assert response.status == 200
        found: list[dict[str, object]] = (await response.json())["disputes"]
        return found


async def test_dispute_says_filing_and_sound_and_how_to_ask_for_it() -> None:
    app = FakeApp()
    features = AudioFeatures.from_source(VALUES, "sample")
    filed = FiledUnder(("rock", "pop"), "tables")
    without_id = track(None, title="Hound Dog (Live)", artists=("Big Mama",))
    app.offline.songs = [MeasuredTrack(one, features, filed) for one in (track(), without_id)]
    async with serving(app) as client:
        road, dog = await disputes(client)
    assert (road["title"], road["artists"]) == ("Old Town Road", "Lil Nas X, Billy Ray Cyrus")
    assert road["said"] == ["Filed: rock, pop.", "Sounds: country 64\N{NO-BREAK SPACE}%."]
    assert road["text"] == LINK
    assert dog["text"] == "/genre Hound Dog (Live) - Big Mama"
    genres = road["genres"]
    assert isinstance(genres, list)
    assert {one["genre"] for one in genres if one["filed"]} == {"rock", "pop"}
    assert not app.predictions.cards


async def test_page_without_disputes_keeps_its_examples(client: Client) -> None:
    assert await disputes(client) == []
    assert web_page.EXAMPLES
