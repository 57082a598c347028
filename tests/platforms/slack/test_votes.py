"""Reactions, the menu and the button under a card are votes."""

import asyncio

import pytest

from bot import texts
from bot.domain.channel_settings import ChannelSettings
from bot.domain.places import Place
from bot.platforms.slack import present
from tests.platforms.slack.running import REACT, Wire, words
from tests.support.fake_app import LINK


@pytest.mark.parametrize("sign", ["saxophone", "jazz"])
async def test_a_reaction_is_a_vote_and_can_be_taken_back(wire: Wire, sign: str) -> None:
    async with wire.bot():
        card = await wire.card(LINK)
        wire.people.react(wire.music, card["ts"], wire.bob, sign)
        await wire.shows(card, "You say: jazz (1).")
        wire.people.unreact(wire.music, card["ts"], wire.bob, sign)
        await wire.stub.until(lambda: "You say" not in words(wire.now(card) or {}))


async def test_skin_tones_and_other_names_of_an_emoji_count_alike(wire: Wire) -> None:
    async with wire.bot():
        card = await wire.card(LINK)
        wire.people.react(wire.music, card["ts"], wire.ada, "the_horns::skin-tone-4")
        wire.people.react(wire.music, card["ts"], wire.bob, "sign_of_the_horns")
        await wire.shows(card, "You say: metal (2).")


async def test_a_reaction_that_is_told_twice_counts_once_even_if_it_was_taken_back(
    wire: Wire,
) -> None:
    async with wire.bot():
        card = await wire.card(LINK)
        told = wire.people.react(wire.music, card["ts"], wire.bob, "saxophone")
        await wire.shows(card, "jazz (1)")
        wire.people.unreact(wire.music, card["ts"], wire.bob, "saxophone")
        await wire.stub.until(lambda: "You say" not in words(wire.now(card) or {}))
        wire.stub.deliveries.again(told[0])
        await wire.stub.taken(told)
        wire.people.react(wire.music, card["ts"], wire.ada, "violin")
        await wire.shows(card, "You say: classical (1).")


async def test_the_bots_own_reactions_are_no_votes(wire: Wire) -> None:
    async with wire.bot():
        card = await wire.card(LINK)
        wire.people.react(wire.music, card["ts"], wire.bob, "violin")
        await wire.shows(card, "You say: classical (1).")


async def test_a_choice_is_confirmed_to_whoever_chose_and_to_nobody_else(wire: Wire) -> None:
    async with wire.bot():
        card = await wire.card(LINK)
        chosen = wire.choose(card, wire.bob, "jazz")
        (answer,) = await wire.stub.answered(chosen)
        await wire.shows(card, "You say: jazz (1).")
    assert answer["text"] == "Your vote: jazz. Thank you!"
    assert answer["response_type"] == "ephemeral"
    assert answer["replace_original"] is False
    assert len(wire.stub.messages(wire.music)) == 1


async def test_a_choice_is_taken_back_from_the_menu(wire: Wire) -> None:
    async with wire.bot():
        card = await wire.card(LINK)
        assert await wire.told(wire.choose(card, wire.bob, present.TAKE_BACK)) == texts.NO_VOTE
        await wire.told(wire.choose(card, wire.bob, "jazz"))
        assert (
            await wire.told(wire.choose(card, wire.bob, present.TAKE_BACK))
            == "Taken back: you have no vote on this song."
        )


async def test_a_choice_replaces_reactions_and_taking_it_back_leaves_no_vote(wire: Wire) -> None:
    async with wire.bot():
        card = await wire.card(LINK)
        wire.people.react(wire.music, card["ts"], wire.bob, "violin")
        await wire.shows(card, "You say: classical (1).")
        receipt = await wire.told(wire.choose(card, wire.bob, "jazz"))
        assert receipt == "Your vote: jazz. It replaces your reactions. Thank you!"
        await wire.shows(card, "You say: jazz (1).")
        receipt = await wire.told(wire.agree(card, wire.bob))
        assert receipt == "Your vote: country. Thank you!"
        await wire.told(wire.choose(card, wire.bob, present.TAKE_BACK))
        await wire.stub.until(lambda: "You say" not in words(wire.now(card) or {}))
        assert await wire.app.services.voting.tally(1) == {}


async def test_agreeing_twice_takes_it_back(wire: Wire) -> None:
    async with wire.bot():
        card = await wire.card(LINK)
        assert await wire.told(wire.agree(card, wire.bob)) == "Your vote: country. Thank you!"
        assert (
            await wire.told(wire.agree(card, wire.bob))
            == "Taken back: you have no vote on this song."
        )


@pytest.mark.parametrize("by", ["button", "menu"])
async def test_a_press_that_is_told_twice_counts_once(wire: Wire, by: str) -> None:
    async with wire.bot(wire.http()):
        card = await wire.card(LINK)
        if by == "button":
            pressed = wire.agree(card, wire.bob)
        else:
            await wire.told(wire.choose(card, wire.bob, "jazz"))
            pressed = wire.choose(card, wire.bob, present.TAKE_BACK)
            await wire.told(pressed)
            await wire.told(wire.choose(card, wire.bob, "folk"))
        await wire.stub.answered(pressed)
        await wire.stub.taken([pressed])
        said = dict(await wire.app.services.voting.tally(1))
        wire.stub.deliveries.again(pressed)
        await wire.stub.taken([pressed])
        await wire.told(wire.agree(card, wire.ada))
        assert (
            await wire.app.services.voting.tally(1)
            == {"country": 1 + said.pop("country", 0)} | said
        )
    assert len(wire.stub.answers(pressed)) == 1


async def test_a_reaction_that_is_taken_back_at_once_does_not_stand(wire: Wire) -> None:
    get = wire.app.settings.get
    read, first = asyncio.Event(), True

    async def slow(place: Place) -> ChannelSettings:
        nonlocal first
        if first:
            first = False
            await read.wait()
        return await get(place)

    async with wire.bot():
        card = await wire.card(LINK)
        wire.app.settings.get = slow  # type: ignore[method-assign] # until the test ends
        told = wire.people.react(wire.music, card["ts"], wire.bob, "saxophone")
        told += wire.people.unreact(wire.music, card["ts"], wire.bob, "saxophone")
        await wire.stub.taken(told)
        read.set()
        await wire.told(wire.agree(card, wire.ada))
        assert await wire.app.services.voting.tally(1) == {"country": 1}


async def test_a_card_that_is_given_outside_takes_choices_too(wire: Wire) -> None:
    elsewhere = wire.people.channel(wire.team, joined=False)
    async with wire.bot():
        asked = wire.people.command(elsewhere, wire.ada, LINK)
        (card,) = await wire.stub.answered(asked)
        chosen = wire.choose(card | {"ts": "1.1"}, wire.bob, "jazz")
        assert await wire.told(chosen) == "Your vote: jazz. Thank you!"


async def test_with_reactions_off_none_are_offered_and_none_count(wire: Wire) -> None:
    wire.settle_for(ChannelSettings(reactions=False))
    async with wire.bot():
        wire.people.post(wire.music, wire.ada, LINK)
        (card,) = await wire.stub.sent(wire.music)
        wire.people.react(wire.music, card["ts"], wire.bob, "saxophone")
        await wire.told(wire.choose(card, wire.ada, "folk"))
        await wire.shows(card, "You say: folk (1).")
    assert wire.stub.asked(REACT) == []


async def test_a_reaction_under_somebody_elses_message_is_nothing(wire: Wire) -> None:
    written = wire.people.write(wire.music, wire.ada, "hello")
    async with wire.bot():
        told = wire.people.react(wire.music, written["ts"], wire.bob, "wastebasket")
        await wire.stub.taken(told)
        await wire.fence()
    assert wire.stub.asked("chat.delete") == []
