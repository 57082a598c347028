"""Votes: reactions, the button and the menu under a card."""

import pytest

from bot import texts
from bot.platforms.slack.emoji_names import DELETE
from bot.platforms.slack.present_card import AGREE, CHOOSE, TAKE_BACK
from tests.stubs.local_slack.server import ANN, BEN, LocalSlack
from tests.stubs.local_slack.workspace import Json, Workspace, text_of
from tests.support.fake_app import LINK


async def wait_for_text(chat: Workspace, card: Json, text: str) -> None:
    """Wait until a card contains a text."""
    await chat.until(lambda: text in text_of(chat.current(card)))


async def wait_for_no_votes(chat: Workspace, card: Json) -> None:
    """Wait until a card displays no votes."""
    await chat.until(lambda: " says " not in text_of(chat.current(card)))


@pytest.mark.parametrize(
    ("name", "genre"),
    [
        ("white_check_mark", "country"),
        ("the_horns::skin-tone-4", "metal"),
        ("hip_hop", "hip-hop"),
    ],
)
async def test_reaction_is_a_vote_until_it_is_removed(
    chat: Workspace, name: str, genre: str
) -> None:
    card = await chat.paste(LINK)
    await chat.react(card, name)
    await wait_for_text(chat, card, f"1 says {genre}.")
    await chat.react(card, name, added=False)
    await wait_for_no_votes(chat, card)


async def test_newest_reaction_of_each_user_counts(chat: Workspace) -> None:
    card = await chat.paste(LINK)
    await chat.react(card, "saxophone")
    await chat.react(card, "blue_heart")
    await chat.react(card, "saxophone", user=BEN)
    await wait_for_text(chat, card, "1 says blues, 1 jazz.")
    await chat.react(card, "blue_heart", added=False)
    await wait_for_text(chat, card, "2 say jazz.")


async def test_other_reactions_and_reactions_to_other_messages_are_ignored(chat: Workspace) -> None:
    card = await chat.paste(LINK)
    asked = next(message for message in chat.messages() if message["user"] == ANN)
    await chat.react(card, "tada")
    await chat.react(asked, "saxophone")
    await chat.react(card, "blue_heart", user=BEN)
    await wait_for_text(chat, card, "1 says blues.")


async def test_menu_records_a_vote_and_takes_it_back(chat: Workspace) -> None:
    card = await chat.paste(LINK)
    await chat.choose(card, CHOOSE, "latin")
    await wait_for_text(chat, card, "1 says latin.")
    await chat.choose(card, CHOOSE, TAKE_BACK)
    await wait_for_no_votes(chat, card)
    await chat.use(card, TAKE_BACK)
    await chat.wait_for_replies(4)
    _, *receipts = chat.replies()
    assert [text_of(receipt) for receipt in receipts] == [
        f"Your vote: latin. Thank you!\n{texts.TAKE_VOTE_BACK}",
        "Taken back: you have no vote on this song.",
        "You have no vote on this song.",
    ]
    assert {receipt["ephemeral_to"] for receipt in receipts} == {ANN}


async def test_thumb_records_a_vote_and_its_receipt_takes_it_back(chat: Workspace) -> None:
    card = await chat.paste(LINK)
    await chat.use(card, AGREE)
    await wait_for_text(chat, card, "1 says country.")
    await chat.use(chat.replies()[-1], TAKE_BACK)
    await wait_for_no_votes(chat, card)


async def test_refreshed_card_differs_by_its_tally_only(chat: Workspace) -> None:
    card = await chat.paste(LINK)
    await chat.use(card, AGREE)
    await wait_for_text(chat, card, "1 says country.")
    after = chat.current(card)
    assert text_of(after).replace("*1 says country.*\n", "") == text_of(card)
    assert after["text"] == card["text"]


async def test_late_update_does_not_replace_a_newer_tally(
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
    assert "1 says jazz." in str(first)
    assert "2 say jazz." in str(second)


async def test_wastebasket_by_the_asker_deletes_the_card(chat: Workspace) -> None:
    card = await chat.paste(LINK, user=ANN)
    await chat.react(card, DELETE, user=BEN)
    await chat.barrier()
    assert len(chat.cards()) == 1
    await chat.react(card, DELETE, user=ANN)
    await chat.until(lambda: not chat.cards())
