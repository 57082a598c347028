"""Cards after a person was forgotten: their votes and, where the bot may, their reactions go."""

from typing import Any

import discord
import pytest

from bot import texts
from bot.domain.emoji import GENRES
from bot.domain.jobs import JobKind
from tests.platforms.discord.chat import OTHER_LINK, Chat, reactions_of, text_of
from tests.support.fake_app import LINK


async def test_votes_of_a_forgotten_person_vanish_from_every_card(chat: Chat) -> None:
    first = await chat.card(LINK)
    second = await chat.card(OTHER_LINK)
    await chat.bob.click(first, label=texts.right_label("country"))
    await chat.bob.react(second, GENRES["jazz"])
    await chat.ann.react(second, GENRES["pop"])
    await chat.bob.slash(chat.music, "genre-forget-me")
    assert " says " not in text_of(chat.current(first))
    assert "1 says pop." in text_of(chat.current(second))
    assert "jazz" not in text_of(chat.current(second)).split("says")[1]
    assert chat.app.inbox.rows == {}


async def test_votes_vanish_from_servers_other_than_that_of_the_command(chat: Chat) -> None:
    card = await chat.card(LINK)
    await chat.bob.react(card, GENRES["jazz"])
    await chat.bob.user.slash("genre-forget-me")
    assert " says " not in text_of(chat.current(card))


async def test_reactions_stay_where_the_bot_may_not_manage_messages(chat: Chat) -> None:
    denied = discord.PermissionOverwrite(manage_messages=False)
    channel = chat.guild.create_text_channel("other", overwrites={chat.bot: denied})
    card = await chat.card(LINK, channel)
    await chat.bob.react(card, GENRES["jazz"])
    result = await chat.bob.slash(channel, "genre-forget-me")
    assert "where I may not manage messages, only you can remove them" in text_of(result.response)
    assert GENRES["jazz"] in reactions_of(chat.current(card, channel))
    assert " says " not in text_of(chat.current(card, channel))


async def test_reactions_are_removed_where_the_bot_may_manage_messages(chat: Chat) -> None:
    card = await chat.card(LINK)
    await chat.bob.react(card, GENRES["jazz"])
    await chat.ann.react(card, GENRES["pop"])
    await chat.bob.slash(chat.music, "genre-forget-me")
    assert GENRES["jazz"] not in reactions_of(chat.current(card))
    assert GENRES["pop"] in reactions_of(chat.current(card))
    assert chat.app.votes.counted() == [(1, "pop")]


async def test_message_that_cannot_be_updated_for_a_day_is_given_up(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = await chat.card(LINK)
    await chat.bob.react(card, GENRES["jazz"])

    async def away(*_: Any, **__: Any) -> None:
        raise OSError("Discord is away")

    monkeypatch.setattr("bot.platforms.discord.delivery.Delivery.update", away)
    await chat.bob.slash(chat.music, "genre-forget-me")
    assert len(chat.app.inbox.rows) == 1
    chat.app.wait(days=1)
    await chat.restart()
    assert chat.app.inbox.rows == {}


async def test_cards_are_updated_after_a_restart_that_came_in_between(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = await chat.card(LINK)
    await chat.bob.react(card, GENRES["jazz"])

    async def away(*_: Any, **__: Any) -> None:
        raise OSError("Discord is away")

    with monkeypatch.context() as patched:
        patched.setattr("bot.platforms.discord.delivery.Delivery.update", away)
        await chat.bob.slash(chat.music, "genre-forget-me")
        assert "1 says jazz." in text_of(chat.current(card))
        (row,) = chat.app.inbox.rows.values()
        assert row.stored.job.kind is JobKind.REFRESH
    chat.app.wait(seconds=16)  # until its lease has passed
    await chat.restart()
    assert " says " not in text_of(chat.current(card))
    assert chat.app.inbox.rows == {}
