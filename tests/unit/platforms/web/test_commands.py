"""The commands of the chat."""

import html

import pytest

from bot import texts
from bot.domain import links
from bot.domain.votes import Forgotten
from bot.platforms.web.ids import PLACE
from bot.texts import learned, web_page
from tests.support.disputes import SONG, TITLE, dispute
from tests.support.fake_services import FakeServices
from tests.unit.platforms.web.conftest import Client
from tests.unit.platforms.web.requests import history, say, vote


@pytest.mark.parametrize(
    "text", ["/genre heroes", "/GENRE  heroes ", " /genre heroes", "/genre\nheroes"]
)
async def test_genre_command_searches_its_argument(
    client: Client, fake: FakeServices, text: str
) -> None:
    (card,) = await say(client, text)
    assert card["track"]["title"] == "Heroes"
    assert fake.ask.asked[0].text == "heroes"


async def test_unknown_song_gets_a_notice(client: Client) -> None:
    (notice,) = await say(client, "/genre an unknown song")
    assert notice["code"] == "track_not_found"


@pytest.mark.parametrize("text", ["/help", "/what is this", "/", "/genres heroes"])
async def test_unknown_command_gets_help(client: Client, text: str) -> None:
    (notice,) = await say(client, text)
    assert (notice["code"], notice["text"]) == ("help", web_page.HELP)
    assert [choice["label"] for choice in notice["choices"]] == [
        "Old Town Road",
        "Bohemian Rhapsody",
        "In the End",
    ]
    assert all(len(links.find(choice["text"]).links) == 1 for choice in notice["choices"])


async def test_forget_me_deletes_the_visitors_votes(client: Client) -> None:
    (card,) = await say(client, "heroes")
    await vote(client, card["id"])
    (notice,) = await say(client, "/forget-me", "forget-me-1")
    assert notice["text"] == texts.data_deleted(Forgotten(1))
    assert await history(client) == []
    (again,) = await say(client, "heroes", "asked-again")
    assert again["ballot"]["active"] == []


async def test_statistics_say_what_is_disputed_and_offer_it(
    client: Client, fake: FakeServices
) -> None:
    (empty,) = await say(client, "/genre-stats", "statistics-1")
    version = "Model fake, version 0: no corrections so far."
    assert (empty["code"], empty["text"]) == ("empty", f"{texts.NO_STATS}\n{version}")
    await dispute(fake.app, PLACE)
    (notice,) = await say(client, "/genre-stats", "statistics-2")
    assert notice["code"] == "statistics"
    *_, learning, title, song = notice["text"].splitlines()
    assert learning == (
        "Model fake, version 0: 3 corrections from all servers so far; this version was not "
        "trained on them."
    )
    assert title == f"{learned.DISPUTED}:"
    assert song == f"{TITLE} \N{EN DASH} David Bowie: 2 pop, 1 jazz"
    assert f"\n{song}</p>" in html.unescape(notice["html"])
    assert [choice["text"] for choice in notice["choices"]] == [SONG.url]
