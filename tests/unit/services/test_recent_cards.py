"""A card that a place displays already is pointed to instead of being sent again."""

import asyncio

from bot.domain.cards import Card
from bot.domain.channel_settings import SettingsChange
from bot.domain.replies import AlreadyShown
from bot.services.recent_cards import RecentCards
from tests.support.factories import message, sound_answer, track
from tests.support.fake_app import LINK, FakeApp
from tests.support.group_chats import CHANNEL, HEROES_LINK, paste


async def test_a_card_is_not_repeated_for_ten_minutes(app: FakeApp) -> None:
    (card,) = await paste(app, LINK, "m1")
    assert isinstance(card, Card)
    app.wait(minutes=10)
    assert await paste(app, LINK, "m2", "bob") == [AlreadyShown(card, "re:m1:0")]
    app.wait(seconds=1)
    (repeated,) = await paste(app, LINK, "m3")
    assert isinstance(repeated, Card)


async def test_of_two_simultaneous_links_the_second_refers_to_the_first_card(
    app: FakeApp,
) -> None:
    first, second = await asyncio.gather(paste(app, LINK, "m1"), paste(app, LINK, "m2", "bob"))
    assert isinstance(first[0], Card)
    assert second == [AlreadyShown(first[0], "re:m1:0")]


async def test_a_card_that_was_not_delivered_does_not_block_others(app: FakeApp) -> None:
    lost = message(LINK, "m1")
    chat = app.services.group_chat
    await chat.on_message(lost, addressed=False)
    chat.release(lost)
    assert isinstance((await paste(app, LINK, "m2"))[0], Card)
    assert isinstance((await chat.on_message(lost, addressed=False))[0], AlreadyShown)


async def test_a_card_of_another_model_is_not_referred_to(app: FakeApp) -> None:
    await paste(app, LINK, "m1")
    await app.services.settings.change(CHANNEL, SettingsChange(model="other"))
    assert isinstance((await paste(app, LINK, "m2"))[0], Card)


async def test_a_card_by_an_earlier_version_is_not_referred_to(app: FakeApp) -> None:
    await paste(app, LINK, "m1")
    app.models.version = "1"
    (card,) = await paste(app, LINK, "m2")
    assert isinstance(card, Card)
    assert card.answer.model.version == "1"
    assert await paste(app, LINK, "m3") == [AlreadyShown(card, "re:m2:0")]


async def test_answers_to_a_message_are_pointed_at_after_the_model_was_replaced(
    app: FakeApp,
) -> None:
    (card,) = await paste(app, LINK, "m1")
    assert isinstance(card, Card)
    app.models.version = "1"
    recent = RecentCards(app.messages, app.models, app.now)
    key = card.answer.subject.key
    found = await recent.answering("m1", key, message(LINK, "m2"), None)
    assert found == AlreadyShown(card, "re:m1:0")


async def test_a_card_by_sound_alone_is_not_repeated(app: FakeApp) -> None:
    card = await app.predictions.add(sound_answer(track()), CHANNEL)
    await app.services.cards.on_sent(message(LINK, "m1"), "re:m1:0", card)
    assert await paste(app, LINK, "m2") == [AlreadyShown(card, "re:m1:0")]


async def test_a_deleted_card_is_not_referred_to(app: FakeApp) -> None:
    await paste(app, LINK, "m1")
    await app.services.cards.on_deleted(CHANNEL, "re:m1:0")
    assert isinstance((await paste(app, LINK, "m2"))[0], Card)


async def test_a_card_in_another_channel_is_not_referred_to(app: FakeApp) -> None:
    await paste(app, LINK, "m1")
    (reply,) = await app.services.group_chat.on_message(message(LINK, channel="d"), addressed=False)
    assert isinstance(reply, Card)


async def test_a_command_always_gets_a_card(app: FakeApp) -> None:
    await paste(app, LINK, "m1")
    (reply,) = await app.services.group_chat.on_command(message(LINK, "m2"))
    assert isinstance(reply, Card)


async def test_new_and_repeated_links_of_a_message_keep_their_order(app: FakeApp) -> None:
    await paste(app, LINK, "m1")
    first, second = await paste(app, f"{LINK} {HEROES_LINK}", "m2")
    assert isinstance(first, AlreadyShown)
    assert isinstance(second, Card)
