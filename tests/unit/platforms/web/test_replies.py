"""Replies of a long history leave the event loop to others."""

import asyncio

from bot.domain.cards import Card
from bot.platforms.web.ids import PLACE
from bot.platforms.web.pages import Pages
from bot.platforms.web.replies import Replies
from tests.support.factories import track
from tests.support.fake_app import FakeApp
from tests.support.store_values import answer_about
from tests.support.web_visitors import ANN

CARDS = 20


async def test_others_have_turns_between_the_cards_of_a_history() -> None:
    services = FakeApp().services
    replies = Replies(Pages(), services.voting, services.listen, PLACE)
    cards = [Card(n, answer_about(track(f"{n:022}"))) for n in range(1, CARDS + 1)]
    turns = 0

    async def other() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    beside = asyncio.create_task(other())
    presented = await replies.present(cards, ANN)
    beside.cancel()
    assert [one["id"] for one in presented] == [card.id for card in cards]
    assert turns >= CARDS
