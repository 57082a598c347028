"""Reactions, the menu and the button under a card are votes."""

import asyncio

import pytest

from bot import texts
from bot.domain.channel_settings import ChannelSettings
from bot.domain.places import Place
from bot.platforms.slack import present
from tests.platforms.slack.scene import REACT, Scene, text_of
from tests.support.fake_app import LINK


@pytest.mark.parametrize("sign", ["saxophone", "jazz"])
async def test_a_reaction_is_a_vote_and_can_be_taken_back(scene: Scene, sign: str) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        scene.actions.react(scene.music, card["ts"], scene.bob, sign)
        await scene.wait_for_text(card, "You say: jazz (1).")
        scene.actions.unreact(scene.music, card["ts"], scene.bob, sign)
        await scene.stub.until(lambda: "You say" not in text_of(scene.current(card) or {}))


async def test_skin_tones_and_other_names_of_an_emoji_count_alike(scene: Scene) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        scene.actions.react(scene.music, card["ts"], scene.ada, "the_horns::skin-tone-4")
        scene.actions.react(scene.music, card["ts"], scene.bob, "sign_of_the_horns")
        await scene.wait_for_text(card, "You say: metal (2).")


async def test_a_reaction_that_is_told_twice_counts_once_even_if_it_was_taken_back(
    scene: Scene,
) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        told = scene.actions.react(scene.music, card["ts"], scene.bob, "saxophone")
        await scene.wait_for_text(card, "jazz (1)")
        scene.actions.unreact(scene.music, card["ts"], scene.bob, "saxophone")
        await scene.stub.until(lambda: "You say" not in text_of(scene.current(card) or {}))
        scene.stub.deliveries.resend(told[0])
        await scene.stub.wait_for_acks(told)
        scene.actions.react(scene.music, card["ts"], scene.ada, "violin")
        await scene.wait_for_text(card, "You say: classical (1).")


async def test_the_bots_own_reactions_are_no_votes(scene: Scene) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        scene.actions.react(scene.music, card["ts"], scene.bob, "violin")
        await scene.wait_for_text(card, "You say: classical (1).")


async def test_a_choice_is_confirmed_to_whoever_chose_and_to_nobody_else(scene: Scene) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        chosen = scene.choose(card, scene.bob, "jazz")
        (answer,) = await scene.stub.wait_for_responses(chosen)
        await scene.wait_for_text(card, "You say: jazz (1).")
    assert answer["text"] == "Your vote: jazz. Thank you!"
    assert answer["response_type"] == "ephemeral"
    assert answer["replace_original"] is False
    assert len(scene.stub.messages(scene.music)) == 1


async def test_a_choice_is_taken_back_from_the_menu(scene: Scene) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        assert (
            await scene.response_text(scene.choose(card, scene.bob, present.TAKE_BACK))
            == texts.NO_VOTE
        )
        await scene.response_text(scene.choose(card, scene.bob, "jazz"))
        assert (
            await scene.response_text(scene.choose(card, scene.bob, present.TAKE_BACK))
            == "Taken back: you have no vote on this song."
        )


async def test_a_choice_replaces_reactions_and_taking_it_back_leaves_no_vote(scene: Scene) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        scene.actions.react(scene.music, card["ts"], scene.bob, "violin")
        await scene.wait_for_text(card, "You say: classical (1).")
        receipt = await scene.response_text(scene.choose(card, scene.bob, "jazz"))
        assert receipt == "Your vote: jazz. It replaces your reactions. Thank you!"
        await scene.wait_for_text(card, "You say: jazz (1).")
        receipt = await scene.response_text(scene.agree(card, scene.bob))
        assert receipt == "Your vote: country. Thank you!"
        await scene.response_text(scene.choose(card, scene.bob, present.TAKE_BACK))
        await scene.stub.until(lambda: "You say" not in text_of(scene.current(card) or {}))
        assert await scene.app.services.voting.tally(1) == {}


async def test_agreeing_twice_takes_it_back(scene: Scene) -> None:
    async with scene.bot():
        card = await scene.paste(LINK)
        assert (
            await scene.response_text(scene.agree(card, scene.bob))
            == "Your vote: country. Thank you!"
        )
        assert (
            await scene.response_text(scene.agree(card, scene.bob))
            == "Taken back: you have no vote on this song."
        )


@pytest.mark.parametrize("by", ["button", "menu"])
async def test_a_press_that_is_told_twice_counts_once(scene: Scene, by: str) -> None:
    async with scene.bot(scene.http_credentials()):
        card = await scene.paste(LINK)
        if by == "button":
            pressed = scene.agree(card, scene.bob)
        else:
            await scene.response_text(scene.choose(card, scene.bob, "jazz"))
            pressed = scene.choose(card, scene.bob, present.TAKE_BACK)
            await scene.response_text(pressed)
            await scene.response_text(scene.choose(card, scene.bob, "folk"))
        await scene.stub.wait_for_responses(pressed)
        await scene.stub.wait_for_acks([pressed])
        said = dict(await scene.app.services.voting.tally(1))
        scene.stub.deliveries.resend(pressed)
        await scene.stub.wait_for_acks([pressed])
        await scene.response_text(scene.agree(card, scene.ada))
        assert (
            await scene.app.services.voting.tally(1)
            == {"country": 1 + said.pop("country", 0)} | said
        )
    assert len(scene.stub.responses(pressed)) == 1


async def test_a_reaction_that_is_taken_back_at_once_does_not_stand(scene: Scene) -> None:
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
        told = scene.actions.react(scene.music, card["ts"], scene.bob, "saxophone")
        told += scene.actions.unreact(scene.music, card["ts"], scene.bob, "saxophone")
        await scene.stub.wait_for_acks(told)
        read.set()
        await scene.response_text(scene.agree(card, scene.ada))
        assert await scene.app.services.voting.tally(1) == {"country": 1}


async def test_a_card_that_is_given_outside_takes_choices_too(scene: Scene) -> None:
    elsewhere = scene.actions.channel(scene.team, joined=False)
    async with scene.bot():
        asked = scene.actions.command(elsewhere, scene.ada, LINK)
        (card,) = await scene.stub.wait_for_responses(asked)
        chosen = scene.choose(card | {"ts": "1.1"}, scene.bob, "jazz")
        assert await scene.response_text(chosen) == "Your vote: jazz. Thank you!"


async def test_with_reactions_off_none_are_offered_and_none_count(scene: Scene) -> None:
    scene.set_settings(ChannelSettings(reactions=False))
    async with scene.bot():
        scene.actions.post(scene.music, scene.ada, LINK)
        (card,) = await scene.stub.wait_for_messages(scene.music)
        scene.actions.react(scene.music, card["ts"], scene.bob, "saxophone")
        await scene.response_text(scene.choose(card, scene.ada, "folk"))
        await scene.wait_for_text(card, "You say: folk (1).")
    assert scene.stub.calls_to(REACT) == []


async def test_a_reaction_under_somebody_elses_message_is_nothing(scene: Scene) -> None:
    written = scene.actions.write(scene.music, scene.ada, "hello")
    async with scene.bot():
        told = scene.actions.react(scene.music, written["ts"], scene.bob, "wastebasket")
        await scene.stub.wait_for_acks(told)
        await scene.barrier()
    assert scene.stub.calls_to("chat.delete") == []
