"""Messages that a proxy bot posts again: one card, and edits of either are followed."""

import discord
from simcord import WebhookHandle

from tests.platforms.discord.chat import OTHER_LINK, Chat, text_of
from tests.support.fake_app import LINK


async def proxied(chat: Chat, webhook: WebhookHandle) -> discord.Message:
    """Let Ann post a link that a proxy bot posts again; return the copy."""
    original = await chat.ann.send(chat.music, f"L: {LINK}")
    copy = await webhook.send(LINK, username="Luna")
    await chat.ann.delete(original)
    return copy


async def edit(chat: Chat, copy: discord.Message, text: str) -> None:
    """Edit a webhook's message a second later."""
    await chat.env.advance_time(1)
    chat.env.backend.edit_message(chat.music.id, copy.id, {"content": text})
    await chat.env.settle()


async def test_proxied_message_gets_one_card_which_is_its_authors(chat: Chat) -> None:
    webhook = chat.guild.create_webhook(chat.music, "proxy")
    original = await chat.ann.send(chat.music, f"L: {LINK}")
    copy = await webhook.send(LINK, username="Luna")
    (first,) = chat.replies()
    await chat.ann.delete(original)
    (card,) = chat.replies()
    assert card.id != first.id
    assert card.reference is not None
    assert card.reference.message_id == copy.id
    assert "Old Town Road" in text_of(card)
    await chat.bob.react(card, "🗑️")
    assert len(chat.replies()) == 1
    await chat.ann.react(card, "🗑️")
    assert chat.replies() == []


async def test_copy_of_a_message_that_stays_is_not_answered(chat: Chat) -> None:
    await chat.ann.send(chat.music, LINK)
    await chat.guild.create_webhook(chat.music, "bridge").send(LINK)
    assert len(chat.replies()) == 1


async def test_message_that_was_edited_to_be_proxied_gets_its_card(chat: Chat) -> None:
    webhook = chat.guild.create_webhook(chat.music, "proxy")
    original = await chat.ann.send(chat.music, "hello")
    await chat.env.advance_time(1)
    await chat.ann.edit(original, f"L: {LINK}")
    copy = await webhook.send(LINK, username="Luna")
    await chat.ann.delete(original)
    (card,) = chat.replies()
    assert card.reference is not None
    assert card.reference.message_id == copy.id


async def test_card_follows_the_edits_of_a_copy_and_stays_its_authors(chat: Chat) -> None:
    copy = await proxied(chat, chat.guild.create_webhook(chat.music, "proxy"))
    await edit(chat, copy, OTHER_LINK)
    (card,) = chat.replies()
    assert "Heroes" in text_of(card)
    assert card.reference is not None
    assert card.reference.message_id == copy.id
    await chat.ann.react(card, "🗑️")
    assert chat.replies() == []


async def test_card_goes_with_the_link_of_a_copy_after_a_restart(chat: Chat) -> None:
    copy = await proxied(chat, chat.guild.create_webhook(chat.music, "proxy"))
    await chat.restart()
    await edit(chat, copy, "oops")
    assert chat.replies() == []


async def test_edits_of_a_webhook_that_has_no_answers_are_not_followed(chat: Chat) -> None:
    bridged = await chat.guild.create_webhook(chat.music, "bridge").send(LINK)
    await edit(chat, bridged, OTHER_LINK)
    assert chat.replies() == []
    assert not any("edit" in event for event in chat.app.events.seen)
