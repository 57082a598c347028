"""A visitor learns, at their next action, that a song they corrected is now answered their way."""

from tests.support.factories import HEROES
from tests.support.fake_app import LINK, FakeApp
from tests.unit.platforms.web.conftest import Client
from tests.unit.platforms.web.requests import say, vote
from tests.unit.platforms.web.song_pages import app, serving_songs

__all__ = ["app"]

OTHER_LINK = f"https://open.spotify.com/track/{HEROES}"


async def corrected(client: Client, app: FakeApp) -> str:
    """Correct a song, and let the model learn it; return the sentence about it."""
    (card,) = await say(client, LINK)
    assert (await vote(client, card["id"], genre="jazz"))["notice"] is None
    app.models.version, app.models.best = "1", "jazz"
    return f"The song you corrected, “{card['track']['title']}”, is now answered your way: jazz."


async def test_answer_to_the_next_vote_says_it_once(app: FakeApp) -> None:
    async with serving_songs(app, url=None) as client:
        sentence = await corrected(client, app)
        card = await app.predictions.add(app.predictions.cards[1].answer, app.predictions.places[1])
        assert (await vote(client, card.id, genre="folk"))["notice"] is None  # the same song
        assert (await vote(client, 1, genre="jazz"))["notice"] is None
        said = await say(client, OTHER_LINK, "another-message")
        assert [one["type"] for one in said] == ["card", "notice"]
        assert (said[1]["code"], said[1]["text"]) == ("learned", sentence)
        assert sentence in said[1]["html"]
        assert (await vote(client, said[0]["id"], genre="folk"))["notice"] is None


async def test_vote_on_another_song_says_it(app: FakeApp) -> None:
    async with serving_songs(app, url=None) as client:
        sentence = await corrected(client, app)
        body = {"song": HEROES, "kind": "choice", "genre": "folk", "added": True}
        async with client.post("/api/votes", json=body) as response:
            answer = await response.json()
    assert answer["notice"] == sentence


async def test_forgotten_visitor_learns_nothing(app: FakeApp) -> None:
    async with serving_songs(app, url=None) as client:
        await corrected(client, app)
        (notice,) = await say(client, "/forget-me", "forget-me-1")
        assert notice["code"] == "done"
