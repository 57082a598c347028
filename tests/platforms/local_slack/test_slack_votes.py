"""Votes: reactions, the button and the menu under a card."""

import pytest

from bot.platforms.slack.emoji_names import DELETE
from bot.platforms.slack.present import AGREE, CHOOSE, TAKE_BACK
from tests.stubs.local_slack.server import ANN, BEN, LocalSlack
from tests.stubs.local_slack.workspace import Json, Workspace, text_of
from tests.support.fake_app import LINK


async def shows(chat: Workspace, card: Json, said: str) -> None:
    """Wait until a card shows what people say."""
    await chat.until(lambda: said in text_of(chat.current(card)))


async def silent(chat: Workspace, card: Json) -> None:
    """Wait until a card shows nothing that people say."""
    await chat.until(lambda: "You say" not in text_of(chat.current(card)))


@pytest.mark.parametrize(
    ("name", "genre"),
    [
        ("white_check_mark", "country"),
        ("the_horns::skin-tone-4", "metal"),
        ("hip_hop", "hip-hop"),
    ],
)
async def test_a_reaction_is_a_vote_until_it_is_taken_back(
    chat: Workspace, name: str, genre: str
) -> None:
    card = await chat.paste(LINK)
    await chat.react(card, name)
    await shows(chat, card, f"You say: {genre} (1).")
    await chat.react(card, name, added=False)
    await silent(chat, card)


async def test_everyone_has_one_vote(chat: Workspace) -> None:
    card = await chat.paste(LINK)
    await chat.react(card, "saxophone")
    await chat.react(card, "blue_heart")
    await chat.react(card, "saxophone", user=BEN)
    await shows(chat, card, "blues (1)")
    await shows(chat, card, "jazz (1)")
    await chat.react(card, "blue_heart", added=False)
    await shows(chat, card, "You say: jazz (2).")


async def test_other_reactions_and_reactions_elsewhere_say_nothing(chat: Workspace) -> None:
    card = await chat.paste(LINK)
    asked = next(message for message in chat.messages() if message["user"] == ANN)
    await chat.react(card, "tada")
    await chat.react(asked, "saxophone")
    await chat.react(card, "blue_heart", user=BEN)
    await shows(chat, card, "You say: blues (1).")


async def test_the_menu_says_what_it_really_is_and_takes_it_back(chat: Workspace) -> None:
    card = await chat.paste(LINK)
    await chat.choose(card, CHOOSE, "latin")
    await shows(chat, card, "You say: latin (1).")
    await chat.choose(card, CHOOSE, TAKE_BACK)
    await silent(chat, card)
    await chat.choose(card, CHOOSE, TAKE_BACK)
    await chat.wait_for_replies(4)
    _, *receipts = chat.replies()
    assert [text_of(receipt) for receipt in receipts] == [
        "Your vote: latin. Thank you!",
        "Taken back: you have no vote on this song.",
        "You have no vote on this song.",
    ]
    assert {receipt["ephemeral_to"] for receipt in receipts} == {ANN}


async def test_the_button_agrees_and_takes_it_back(chat: Workspace) -> None:
    card = await chat.paste(LINK)
    await chat.press(card, AGREE)
    await shows(chat, card, "You say: country (1).")
    await chat.press(card, AGREE)
    await silent(chat, card)


async def test_a_card_keeps_what_it_showed_when_it_shows_votes(chat: Workspace) -> None:
    card = await chat.paste(LINK)
    await chat.press(card, AGREE)
    await shows(chat, card, "You say: country (1).")
    after = chat.current(card)
    assert text_of(after).replace("You say: country (1).\n", "") == text_of(card)
    assert after["text"] == card["text"]


async def test_an_update_that_is_late_does_not_hide_a_vote_that_came_after_it(
    slack: LocalSlack, chat: Workspace
) -> None:
    card = await chat.paste(LINK)
    late, proceed = slack.requests.hold("chat.update")
    await chat.react(card, "saxophone")
    await late.wait()
    await chat.react(card, "saxophone", user=BEN)
    await chat.barrier()
    proceed.set()
    first, second = await chat.until(
        lambda: found if len(found := chat.calls_to("chat.update")) == 2 else None
    )
    assert "jazz (1)" in str(first)
    assert "jazz (2)" in str(second)


async def test_the_wastebasket_of_the_one_who_asked_deletes_the_card(chat: Workspace) -> None:
    card = await chat.paste(LINK, user=ANN)
    await chat.react(card, DELETE, user=BEN)
    await chat.barrier()
    assert len(chat.cards()) == 1
    await chat.react(card, DELETE, user=ANN)
    await chat.until(lambda: not chat.cards())
