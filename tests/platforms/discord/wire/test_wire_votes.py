"""Votes by buttons where the card cannot be edited as usual, over HTTP and a websocket."""

from bot import texts
from bot.platforms.discord import card_ids
from tests.platforms.discord.wire.running import REACT, Wire, text_of
from tests.stubs.discord.faults import Fault
from tests.stubs.discord.rest import CALLBACK, MESSAGE, ORIGINAL, WEBHOOK
from tests.support.fake_app import LINK

COUNTRY = card_ids.vote(1, "country")
UNKNOWN_MESSAGE = Fault(404, {"message": "Unknown Message", "code": 10008})
RECEIPT = "Your vote: country. Thank you!"


async def test_vote_on_a_card_that_is_deleted_meanwhile_is_kept_and_said_to_the_voter(
    wire: Wire,
) -> None:
    async with wire.bot():
        card = await wire.card(LINK)
        press = wire.actions.press(card["id"], COUNTRY, wire.bob)
        wire.actions.delete(card["id"])
        (receipt,) = await wire.stub.wait_for_responses(press)
        await wire.wait_for_text(receipt, texts.VOTE_KEPT)
        assert text_of(wire.current(receipt)).strip() == f"{RECEIPT} {texts.VOTE_KEPT}"
        back = card_ids.take_back(1, card["id"])
        wire.actions.press(receipt["id"], back, wire.bob)
        await wire.wait_for_text(receipt, "Taken back")
    assert wire.app.votes.counted() == []


async def test_vote_is_kept_if_discord_refuses_its_acknowledgement_as_the_card_is_deleted(
    wire: Wire,
) -> None:
    async with wire.bot():
        card = await wire.card(LINK)
        wire.stub.fail("POST", CALLBACK, UNKNOWN_MESSAGE)
        wire.actions.press(card["id"], COUNTRY, wire.bob)
        await wire.stub.wait_for_calls("POST", WEBHOOK)
    assert wire.app.votes.counted() == [(1, "country")]


async def test_vote_is_taken_back_where_the_bot_is_no_member(wire: Wire) -> None:
    place = wire.actions.group("friends")
    async with wire.bot():
        command = wire.actions.command("genre", wire.ada, place, user_installed=True, song=LINK)
        (card,) = await wire.stub.wait_for_responses(command)
        press = wire.actions.press(card["id"], COUNTRY, wire.bob)
        (receipt,) = await wire.stub.wait_for_responses(press)
        await wire.wait_for_text(card, "1 says country.")
        wire.actions.press(receipt["id"], card_ids.take_back(1, card["id"]), wire.bob)
        await wire.stub.until(lambda: " says " not in text_of(wire.current(card)))
    assert wire.app.votes.counted() == []
    assert wire.stub.calls_to("PATCH", MESSAGE) == []
    assert wire.stub.calls_to(*REACT) == []


async def test_picture_of_a_card_is_described_and_sent_once(wire: Wire) -> None:
    async with wire.bot():
        card = await wire.card(LINK)
        press = wire.actions.press(card["id"], card_ids.save(1), wire.bob)
        (saved,) = await wire.stub.wait_for_responses(press)
        await wire.stub.wait_for_calls("PATCH", ORIGINAL)
    (content,) = wire.stub.file_contents(wire.current(saved))
    assert content.startswith(b"Old Town Road - Remix")
    assert len(wire.stub.calls_to("PATCH", ORIGINAL)) == 1
