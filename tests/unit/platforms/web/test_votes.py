"""The vote endpoint."""

from tests.support.web_visitors import joining
from tests.unit.platforms.web.conftest import Client
from tests.unit.platforms.web.requests import history, say, vote


async def test_vote_is_recorded_and_withdrawn(client: Client) -> None:
    (card,) = await say(client, "heroes")
    given = await vote(client, card["id"], kind="right", genre=None)
    assert given["ballot"]["active"] == [{"kind": "choice", "genre": "hip-hop"}]
    assert given["receipt"] == "Your vote: hip-hop. Thank you!"
    back = await vote(client, card["id"], kind="right", genre=None, added=False)
    assert back["ballot"]["active"] == []
    assert back["receipt"] == "Taken back: you have no vote on this song."
    again = await vote(client, card["id"], kind="right", genre=None, added=False)
    assert again["tallies"] == {str(card["id"]): ""}


async def test_newer_vote_of_any_kind_replaces_the_older_and_withdrawal_leaves_none(
    client: Client,
) -> None:
    (card,) = await say(client, "heroes")
    await vote(client, card["id"], kind="right", genre=None)
    await vote(client, card["id"], kind="reaction", genre="country")
    changed = await vote(client, card["id"], kind="choice", genre="jazz")
    assert changed["ballot"]["active"] == [{"kind": "choice", "genre": "jazz"}]
    outdated = await vote(client, card["id"], kind="reaction", genre="country", added=False)
    assert outdated["ballot"]["counted"] == "jazz"
    back = await vote(client, card["id"], kind="choice", genre="jazz", added=False)
    assert back["ballot"] == {"active": [], "counted": None, "said": ""}


async def test_vote_on_an_unknown_card_is_rejected(client: Client) -> None:
    body = {"card": 99, "kind": "right", "genre": None, "added": True}
    async with client.post("/api/votes", json=body) as response:
        assert response.status == 409
        assert (await response.json())["notice"]["code"] == "unknown_card"


async def test_split_of_all_visitors_is_on_the_card_and_in_the_answer(client: Client) -> None:
    (card,) = await say(client, "heroes")
    assert card["tally"] == ""
    given = await vote(client, card["id"], genre="country")
    assert given["tallies"] == {"1": "1 says country."}
    async with joining(client) as bob:
        given = await vote(bob, card["id"], genre="jazz")
    assert given["tallies"] == {"1": "1 says country, 1 jazz."}
    (shown,) = await history(client)
    assert shown["card"]["tally"] == "1 says country, 1 jazz."


async def test_votes_on_all_cards_of_a_song_are_one_split(client: Client) -> None:
    (first,) = await say(client, "heroes")
    (second,) = await say(client, "heroes", "another-message")
    await vote(client, first["id"], genre="country")
    changed = await vote(client, second["id"], genre="jazz")
    assert changed["tally"] == "1 says jazz."
    assert changed["tallies"] == dict.fromkeys(
        [str(first["id"]), str(second["id"])], "1 says jazz."
    )
    async with client.get(f"/cards/{first['id']}.png") as response:
        assert "1 says jazz." in await response.text()
    back = await vote(client, first["id"], genre="jazz", added=False)
    assert set(back["tallies"].values()) == {""}
    assert [one["card"]["tally"] for one in await history(client)] == ["", ""]


async def test_first_genre_is_right_only_if_the_verdict_puts_it_first(client: Client) -> None:
    (card,) = await say(client, "heroes")
    offered = [(one["kind"], one["label"]) for one in card["options"]]
    assert offered == [("right", "hip-hop"), ("choice", "country"), ("choice", "pop")]
