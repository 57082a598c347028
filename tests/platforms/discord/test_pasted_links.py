"""Pasted links: one card for each, by the settings of the channel."""

from dataclasses import replace

import discord
import pytest
from simcord.enums import MessageType

from bot import texts
from bot.domain.channel_settings import ChannelSettings, Mode
from bot.domain.links import MAX_TRACKS
from bot.services.rate_limits import PER_PERSON
from tests.platforms.discord.chat import OTHER_LINK, Chat, text_of
from tests.support.factories import VALUES, track
from tests.support.fake_app import LINK, SHORT_LINK

OFF = ChannelSettings(Mode.OFF)
ON_REQUEST = ChannelSettings(Mode.ON_REQUEST)


async def test_pasted_link_is_answered_by_a_reply_without_mentions(chat: Chat) -> None:
    question = await chat.ann.send(chat.music, f"listen: {LINK}")
    (card,) = chat.replies()
    assert card.reference is not None
    assert card.reference.message_id == question.id
    assert card.mentions == []
    assert "Old Town Road" in text_of(card)
    (sent,) = chat.requests("POST", "/messages$")
    assert sent["allowed_mentions"] == {"parse": []}


async def test_reply_has_a_nonce_so_that_discord_drops_duplicates(chat: Chat) -> None:
    question = await chat.ann.send(chat.music, f"{LINK} {OTHER_LINK}")
    sent = chat.requests("POST", "/messages$")
    assert [body["nonce"] for body in sent] == [f"{question.id}-0", f"{question.id}-1"]
    assert all(body["enforce_nonce"] for body in sent)


async def test_each_link_gets_its_card_in_order(chat: Chat) -> None:
    await chat.ann.send(chat.music, f"{OTHER_LINK} and {SHORT_LINK}")
    first, second = chat.replies()
    assert "Heroes" in text_of(first)
    assert "Old Town Road" in text_of(second)


async def test_fifty_links_in_one_message_get_three_cards(chat: Chat) -> None:
    ids = [f"{number:022}" for number in range(50)]
    chat.app.lookup.tracks = [track(track_id, title=track_id) for track_id in ids]
    chat.app.features.known = dict.fromkeys(ids, VALUES)
    await chat.ann.send(chat.music, " ".join(f"spotify:track:{track_id}" for track_id in ids))
    assert [ids[number] in text_of(card) for number, card in enumerate(chat.replies())] == [
        True
    ] * MAX_TRACKS


async def test_message_without_a_link_is_ignored(chat: Chat) -> None:
    await chat.ann.send(chat.music, "I love this song @everyone")
    assert chat.replies() == []


async def test_bots_webhooks_and_system_messages_are_ignored(chat: Chat) -> None:
    robot = chat.guild.add_member(chat.env.create_user("robot", bot=True))
    await robot.send(chat.music, LINK)
    await chat.guild.create_webhook(chat.music).send(LINK)
    chat.guild.create_system_message(chat.music, MessageType.NEW_MEMBER, author=chat.ann)
    await chat.env.settle()
    assert chat.replies() == []


@pytest.mark.parametrize("settings", [OFF, ON_REQUEST], ids=["off", "on request"])
async def test_link_is_ignored_where_links_are_not_answered(
    chat: Chat, settings: ChannelSettings
) -> None:
    chat.set_settings(settings)
    await chat.ann.send(chat.music, LINK)
    assert chat.replies() == []
    await chat.card(LINK, chat.guild.create_text_channel("elsewhere"))


async def test_channel_settings_override_server_settings(chat: Chat) -> None:
    chat.app.settings.set[replace(chat.place(), channel="")] = OFF
    await chat.ann.send(chat.music, LINK)
    assert chat.replies() == []
    chat.set_settings(ChannelSettings(Mode.AUTO))
    await chat.card(LINK)


async def test_thread_uses_the_settings_of_its_channel(chat: Chat) -> None:
    thread = chat.thread()
    await chat.card(LINK, thread)
    chat.set_settings(OFF)
    await chat.ann.send(thread, OTHER_LINK)
    assert len(chat.replies(thread)) == 1


async def test_channel_may_have_its_own_model(chat: Chat) -> None:
    chat.set_settings(ChannelSettings(model="other"))
    await chat.card(LINK)
    assert chat.app.predictions.cards[1].answer.model.name == "other"


async def test_mention_is_answered_on_request(chat: Chat) -> None:
    chat.set_settings(ON_REQUEST)
    assert "Old Town Road" in text_of(await chat.card(f"{chat.mention} {LINK}"))


async def test_mention_of_the_bots_role_is_answered(chat: Chat) -> None:
    chat.set_settings(ON_REQUEST)
    other, own = chat.bot_role(chat.ann.id), chat.bot_role(chat.bot_id)
    await chat.ann.send(chat.music, f"<@&{other}> {LINK}")
    assert chat.replies() == []
    assert "Old Town Road" in text_of(await chat.card(f"<@&{own}> {LINK}"))


async def test_mention_where_the_bot_is_off_says_so(chat: Chat) -> None:
    chat.set_settings(OFF)
    assert texts.SWITCHED_OFF in text_of(await chat.card(f"{chat.mention} {LINK}"))


async def test_mention_in_a_reply_answers_the_link_of_that_message(chat: Chat) -> None:
    chat.set_settings(ON_REQUEST)
    pasted = await chat.bob.send(chat.music, LINK)
    question = await chat.ann.send(chat.music, f"{chat.mention} what is it?", reply_to=pasted)
    (card,) = chat.replies()
    assert "Old Town Road" in text_of(card)
    assert card.reference is not None
    assert card.reference.message_id == question.id


async def test_reply_without_a_mention_is_ignored(chat: Chat) -> None:
    pasted = await chat.bob.send(chat.music, "no link")
    await chat.ann.send(chat.music, "nice", reply_to=pasted)
    assert chat.replies() == []


async def test_mention_without_a_link_gets_a_hint_once(chat: Chat) -> None:
    question = await chat.ann.send(chat.music, f"{chat.mention} hello")
    (hint,) = chat.replies()
    assert text_of(hint).replace("\\", "").strip() == texts.HINT
    await chat.redeliver(question)
    assert len(chat.replies()) == 1


async def test_direct_message_is_answered(chat: Chat) -> None:
    user = chat.ann.user
    await user.send_dm(LINK)
    (card,) = chat.replies(user.dm_channel)
    assert "Old Town Road" in text_of(card)


async def test_each_direct_message_channel_is_its_own_workspace(chat: Chat) -> None:
    for person in (chat.ann, chat.bob):
        await person.send_dm(LINK)
    assert len({place.workspace for place in chat.app.predictions.places.values()}) == 2


async def test_reply_in_a_direct_message_does_not_answer_the_old_link_again(chat: Chat) -> None:
    user = chat.ann.user
    pasted = await user.send_dm(LINK)
    reference = {"channel_id": str(user.dm_channel.id), "message_id": str(pasted.id)}
    await user.send_dm("thanks!", reference=reference)
    reply = text_of(chat.replies(user.dm_channel)[-1])
    assert "already" not in reply


async def test_mentions_and_direct_messages_are_answered_without_the_content_intent(
    chat: Chat,
) -> None:
    await chat.restart(content=False)
    await chat.ann.send(chat.music, LINK)
    assert chat.replies() == []
    await chat.card(f"{chat.mention} {LINK}")
    await chat.ann.send_dm(LINK)
    assert len(chat.replies(chat.ann.user.dm_channel)) == 1


async def test_duplicate_event_is_answered_once_also_after_a_restart(
    chat: Chat,
) -> None:
    question = await chat.ann.send(chat.music, LINK)
    await chat.redeliver(question)
    assert len(chat.replies()) == 1
    await chat.restart()
    await chat.redeliver(question)
    assert len(chat.replies()) == 1


async def test_repeated_link_is_answered_with_the_address_of_the_card(chat: Chat) -> None:
    card = await chat.card(LINK)
    chat.app.wait(minutes=9)
    repeated = await chat.card(f"{LINK}?si=1")
    address = f"https://discord.com/channels/{chat.guild.id}/{chat.music.id}/{card.id}"
    assert text_of(repeated).strip() == texts.already_answered(address)


async def test_repeated_link_gets_a_new_card_later_or_in_another_channel(chat: Chat) -> None:
    await chat.card(LINK)
    elsewhere = chat.guild.create_text_channel("elsewhere")
    assert "Old Town Road" in text_of(await chat.card(LINK, elsewhere))
    chat.app.wait(minutes=11)
    assert "Old Town Road" in text_of(await chat.card(LINK))


async def test_repeated_link_gets_a_new_card_after_the_card_was_deleted(chat: Chat) -> None:
    card = await chat.card(LINK)
    chat.env.backend.delete_message(chat.music.id, card.id)
    await chat.env.settle()
    assert "Old Town Road" in text_of(await chat.card(LINK))


async def test_links_past_the_rate_limit_wait_for_a_press_of_one_button(chat: Chat) -> None:
    for _ in range(PER_PERSON):
        await chat.ann.send(chat.music, LINK)
    notice = await chat.card(LINK)
    assert "1 message waits" in text_of(notice)
    await chat.ann.send(chat.music, OTHER_LINK)
    assert len(chat.replies()) == PER_PERSON + 1
    assert "2 messages wait" in text_of(chat.current(notice))
    await chat.bob.send(chat.music, OTHER_LINK)
    assert "Heroes" in text_of(chat.replies()[-1])

    await chat.bob.click(chat.current(notice), custom_id="waiting")
    await chat.env.settle()
    assert "No message waits" in text_of(chat.current(notice))
    assert len(chat.replies()) == PER_PERSON + 4
    assert chat.app.inbox.rows == {}


async def test_kind_of_an_unsupported_link_is_named(chat: Chat) -> None:
    assert "album" in text_of(await chat.card(LINK.replace("track", "album")))


async def test_channel_without_permission_to_send_gets_one_log_line_and_no_request(
    chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    denied = discord.PermissionOverwrite(send_messages=False)
    assert chat.env.bot.user is not None
    closed = chat.guild.create_text_channel("closed", overwrites={chat.env.bot.user: denied})
    caplog.set_level("INFO", "bot")
    await chat.ann.send(closed, LINK)
    assert chat.replies(closed) == []
    assert len(caplog.records) == 1
    assert chat.requests("POST", "/messages$") == []  # refused requests count against the bot
    assert LINK not in caplog.text
