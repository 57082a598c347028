"""Votes by reaction, menu and button."""

import asyncio

import pytest

from bot import texts
from bot.domain.channel_settings import ChannelSettings
from bot.domain.places import Place
from bot.platforms.slack import present_card
from bot.texts import slack as words
from tests.platforms.slack.scene import REACT, Scene, reactions_of, text_of
from tests.stubs.slack.delivery import Delivery
from tests.stubs.slack.objects import Json, User
from tests.support.fake_app import LINK

TAKEN_BACK = "Taken back: you have no vote on this song."


async def take_back(scene: Scene, card: Json, user: User) -> Delivery:
    """Agree, and press the button in the receipt."""
    (receipt,) = await scene.stub.wait_for_responses(scene.agree(card, user))
    return scene.press(receipt, user, present_card.WITHDRAW, private=True)


@pytest.mark.parametrize("name", ["saxophone", "jazz"])
async def test_reaction_is_a_vote_and_can_be_removed(scene: Scene, name: str) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        scene.actions.react(scene.music, card["ts"], scene.bob, name)
        await scene.wait_for_text(card, "1 says jazz.")
        scene.actions.unreact(scene.music, card["ts"], scene.bob, name)
        await scene.stub.until(lambda: " says " not in text_of(scene.current(card) or {}))


async def test_skin_tones_and_aliases_of_an_emoji_count_alike(scene: Scene) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        scene.actions.react(scene.music, card["ts"], scene.ada, "the_horns::skin-tone-4")
        scene.actions.react(scene.music, card["ts"], scene.bob, "sign_of_the_horns")
        await scene.wait_for_text(card, "2 say metal.")


async def test_duplicate_reaction_event_does_not_count_after_removal(
    scene: Scene,
) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        deliveries = scene.actions.react(scene.music, card["ts"], scene.bob, "saxophone")
        await scene.wait_for_text(card, "1 says jazz.")
        scene.actions.unreact(scene.music, card["ts"], scene.bob, "saxophone")
        await scene.stub.until(lambda: " says " not in text_of(scene.current(card) or {}))
        scene.stub.deliveries.resend(deliveries[0])
        await scene.stub.wait_for_acks(deliveries)
        scene.actions.react(scene.music, card["ts"], scene.ada, "violin")
        await scene.wait_for_text(card, "1 says classical.")


async def test_own_reactions_of_the_bot_are_not_votes(scene: Scene) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        scene.actions.react(scene.music, card["ts"], scene.bob, "violin")
        await scene.wait_for_text(card, "1 says classical.")


async def test_choice_is_confirmed_ephemerally(scene: Scene) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        chosen = scene.choose(card, scene.bob, "jazz")
        (reply,) = await scene.stub.wait_for_responses(chosen)
        await scene.wait_for_text(card, "1 says jazz.")
    assert reply["text"] == "Your vote: jazz. Thank you!"
    assert reply["response_type"] == "ephemeral"
    assert reply["replace_original"] is False
    assert len(scene.stub.messages(scene.music)) == 1


async def test_choice_can_be_taken_back_by_menu(scene: Scene) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        assert (
            await scene.response_text(scene.choose(card, scene.bob, present_card.TAKE_BACK))
            == texts.NO_VOTE
        )
        await scene.response_text(scene.choose(card, scene.bob, "jazz"))
        assert (
            await scene.response_text(scene.choose(card, scene.bob, present_card.TAKE_BACK))
            == TAKEN_BACK
        )


async def test_choice_replaces_reactions_and_taking_it_back_leaves_no_vote(scene: Scene) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        scene.actions.react(scene.music, card["ts"], scene.bob, "violin")
        await scene.wait_for_text(card, "1 says classical.")
        receipt = await scene.response_text(scene.choose(card, scene.bob, "jazz"))
        assert receipt == "Your vote: jazz. It replaces your reactions. Thank you!"
        await scene.wait_for_text(card, "1 says jazz.")
        receipt = await scene.response_text(scene.agree(card, scene.bob))
        assert receipt == "Your vote: country. Thank you!"
        await scene.response_text(scene.choose(card, scene.bob, present_card.TAKE_BACK))
        await scene.stub.until(lambda: " says " not in text_of(scene.current(card) or {}))
        assert await scene.app.services.voting.tally(1) == {}


async def test_button_replaces_reactions_and_its_receipt_takes_back_all_votes(
    scene: Scene,
) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        for name in ("violin", "white_check_mark"):
            scene.actions.react(scene.music, card["ts"], scene.bob, name)
        await scene.wait_for_text(card, "1 says country.")
        text = await scene.response_text(scene.agree(card, scene.bob))
        assert text == "Your vote: country. It replaces your reactions. Thank you!"
        assert await scene.response_text(await take_back(scene, card, scene.bob)) == TAKEN_BACK
        await scene.stub.until(lambda: " says " not in text_of(scene.current(card) or {}))
    assert len(reactions_of(scene.current(card), scene.bob.id)) == 2
    assert await scene.app.services.voting.tally(1) == {}


async def test_button_replaces_another_genre_chosen_by_menu(scene: Scene) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        await scene.response_text(scene.choose(card, scene.bob, "jazz"))
        text = await scene.response_text(scene.agree(card, scene.bob))
        assert text == "Your vote: country. Thank you!"
    assert await scene.app.services.voting.tally(1) == {"country": 1}


async def test_reaction_replaces_a_choice_and_its_removal_leaves_no_vote(scene: Scene) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        await scene.response_text(scene.agree(card, scene.bob))
        scene.actions.react(scene.music, card["ts"], scene.bob, "saxophone")
        await scene.wait_for_text(card, "1 says jazz.")
        scene.actions.unreact(scene.music, card["ts"], scene.bob, "saxophone")
        await scene.stub.until(lambda: " says " not in text_of(scene.current(card) or {}))
    assert await scene.app.services.voting.tally(1) == {}


async def test_removing_the_newest_reaction_makes_the_previous_one_count(scene: Scene) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        scene.actions.react(scene.music, card["ts"], scene.bob, "violin")
        await scene.wait_for_text(card, "1 says classical.")
        scene.actions.react(scene.music, card["ts"], scene.bob, "saxophone")
        await scene.wait_for_text(card, "1 says jazz.")
        scene.actions.unreact(scene.music, card["ts"], scene.bob, "saxophone")
        await scene.wait_for_text(card, "1 says classical.")


async def test_taking_back_by_menu_leaves_no_vote_of_reactions_either(scene: Scene) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        for name in ("violin", "saxophone"):
            scene.actions.react(scene.music, card["ts"], scene.bob, name)
        await scene.wait_for_text(card, "1 says jazz.")
        text = await scene.response_text(scene.choose(card, scene.bob, present_card.TAKE_BACK))
        assert text == TAKEN_BACK
        await scene.stub.until(lambda: " says " not in text_of(scene.current(card) or {}))
    assert await scene.app.services.voting.tally(1) == {}


@pytest.mark.parametrize("value", ["country", "pop", "jazz"], ids=["thumb", "button", "menu"])
async def test_pressing_again_what_one_chose_changes_nothing(scene: Scene, value: str) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        for expected in (f"Your vote: {value}. Thank you!", f"Your vote is {value} already."):
            agrees = value == "country"
            press = scene.agree(card, scene.bob) if agrees else scene.choose(card, scene.bob, value)
            assert await scene.response_text(press) == expected
            assert texts.TAKE_VOTE_BACK in text_of(scene.stub.responses(press)[0])
    assert await scene.app.services.voting.tally(1) == {value: 1}


async def test_taking_back_in_the_receipt_edits_it_and_the_card(scene: Scene) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        press = scene.choose(card, scene.bob, "jazz")
        (receipt,) = await scene.stub.wait_for_responses(press)
        await scene.wait_for_text(card, "1 says jazz.")
        taken = scene.press(receipt, scene.bob, present_card.WITHDRAW, private=True)
        (edited,) = await scene.stub.wait_for_responses(taken)
        await scene.stub.until(lambda: " says " not in text_of(scene.current(card) or {}))
    assert receipt["replace_original"] is False
    assert edited["replace_original"] is True
    assert text_of(edited) == TAKEN_BACK


async def test_thumb_down_is_no_vote_but_asks_for_one(scene: Scene) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        (question,) = await scene.stub.wait_for_responses(scene.disagree(card, scene.bob))
        assert await scene.app.services.voting.tally(1) == {}
        chosen = scene.choose(question, scene.bob, "jazz", private=True)
        (receipt,) = await scene.stub.wait_for_responses(chosen)
        await scene.wait_for_text(card, "1 says jazz.")
    assert words.WHAT_IS_IT in text_of(question)
    assert (receipt["replace_original"], receipt["response_type"]) == (True, "ephemeral")
    assert texts.TAKE_VOTE_BACK in text_of(receipt)


async def test_buttons_of_older_cards_are_votes(scene: Scene) -> None:
    """Older cards have one row with a menu and a button, with the card's id."""
    agree = {"type": "button", "action_id": "right", "value": "right"}
    menu = {"type": "static_select", "action_id": "genre"}
    option = {"selected_option": {"value": "jazz"}}
    async with scene.bot():
        card = await scene.paste(LINK)
        container = {"type": "message", "message_ts": card["ts"], "channel_id": scene.music.id}
        for element, chosen, genre in (
            (agree, {"value": "right"}, "country"),
            (menu, option, "jazz"),
        ):
            scene.actions.use_element(scene.bob, element, "card:1", container, scene.team, **chosen)
            await scene.wait_for_text(card, f"1 says {genre}.")


async def test_vote_on_a_card_that_is_deleted_meanwhile_is_kept(scene: Scene) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        await scene.stub.wait_for_acks(scene.actions.delete(scene.music, card["ts"]))
        await scene.barrier()
        text = await scene.response_text(scene.choose(card, scene.bob, "jazz"))
        await scene.barrier()
    assert text == f"Your vote: jazz. Thank you! {texts.VOTE_KEPT}"
    assert await scene.app.services.voting.tally(1) == {"jazz": 1}
    assert scene.stub.calls_to("chat.update") == []


@pytest.mark.parametrize("by", ["button", "menu"])
async def test_duplicate_press_counts_once(scene: Scene, by: str) -> None:
    async with scene.bot(scene.http_credentials()):
        card = await scene.paste(LINK)
        if by == "button":
            press = scene.agree(card, scene.bob)
        else:
            await scene.response_text(scene.choose(card, scene.bob, "jazz"))
            press = scene.choose(card, scene.bob, present_card.TAKE_BACK)
            await scene.response_text(press)
            await scene.response_text(scene.choose(card, scene.bob, "folk"))
        await scene.stub.wait_for_responses(press)
        await scene.stub.wait_for_acks([press])
        said = dict(await scene.app.services.voting.tally(1))
        scene.stub.deliveries.resend(press)
        await scene.stub.wait_for_acks([press])
        await scene.response_text(scene.agree(card, scene.ada))
        assert (
            await scene.app.services.voting.tally(1)
            == {"country": 1 + said.pop("country", 0)} | said
        )
    assert len(scene.stub.responses(press)) == 1


async def test_reaction_removed_at_once_does_not_count(scene: Scene) -> None:
    get = scene.app.settings.get
    read, first = asyncio.Event(), True

    async def slow(place: Place) -> ChannelSettings:
        nonlocal first
        if first:
            first = False
            await read.wait()
        return await get(place)

    async with scene.bot():
        card = await scene.paste(LINK)
        scene.app.settings.get = slow  # type: ignore[method-assign] # until the test ends
        deliveries = scene.actions.react(scene.music, card["ts"], scene.bob, "saxophone")
        deliveries += scene.actions.unreact(scene.music, card["ts"], scene.bob, "saxophone")
        await scene.stub.wait_for_acks(deliveries)
        read.set()
        await scene.response_text(scene.agree(card, scene.ada))
        assert await scene.app.services.voting.tally(1) == {"country": 1}


async def test_choice_on_a_card_in_a_channel_without_the_app_counts(scene: Scene) -> None:
    elsewhere = scene.actions.channel(scene.team, joined=False)
    async with scene.bot():
        command = scene.actions.command(elsewhere, scene.ada, LINK)
        (card,) = await scene.stub.wait_for_responses(command)
        chosen = scene.choose(card | {"ts": "1.1"}, scene.bob, "jazz")
        assert await scene.response_text(chosen) == "Your vote: jazz. Thank you!"


async def test_disabled_reactions_are_neither_offered_nor_counted(scene: Scene) -> None:
    scene.set_settings(ChannelSettings(reactions=False))
    async with scene.bot():
        scene.actions.post(scene.music, scene.ada, LINK)
        (card,) = await scene.stub.wait_for_messages(scene.music)
        scene.actions.react(scene.music, card["ts"], scene.bob, "saxophone")
        await scene.response_text(scene.choose(card, scene.ada, "folk"))
        await scene.wait_for_text(card, "1 says folk.")
    assert scene.stub.calls_to(REACT) == []


async def test_reaction_to_the_message_of_a_user_is_ignored(scene: Scene) -> None:
    written = scene.actions.write(scene.music, scene.ada, "hello")
    async with scene.bot():
        deliveries = scene.actions.react(scene.music, written["ts"], scene.bob, "wastebasket")
        await scene.stub.wait_for_acks(deliveries)
        await scene.barrier()
    assert scene.stub.calls_to("chat.delete") == []
