"""Reactions as votes: added, changed and removed by anyone, at any time."""

import asyncio
from collections.abc import Iterator, Mapping
from itertools import repeat
from typing import Any

import discord
import pytest
from simcord.backend import serializers

from bot.domain.channel_settings import ChannelSettings
from bot.domain.emoji import GENRES
from tests.platforms.discord.chat import OTHER_LINK, PICTURE, Chat, components_of, text_of
from tests.support.fake_app import LINK

EMOJI = list(GENRES.values())


def votes(chat: Chat) -> dict[str, int]:
    """Return the tally of the first card: genre to number of votes."""
    tally: dict[str, int] = {}
    for card_id, genre in chat.app.votes.counted():
        assert card_id == 1
        tally[genre] = tally.get(genre, 0) + 1
    return tally


def delay_calls(
    monkeypatch: pytest.MonkeyPatch, store: object, method: str, *, iterations: Iterator[int]
) -> None:
    """Delay each call of a store's method by the next number of event loop iterations."""
    original = getattr(store, method)

    async def delayed(*args: Any, **kwargs: Any) -> Any:
        for _ in range(next(iterations)):
            await asyncio.sleep(0)
        return await original(*args, **kwargs)

    monkeypatch.setattr(store, method, delayed)


async def test_reaction_is_a_vote_displayed_on_the_card_without_a_message(
    chat: Chat,
) -> None:
    card = await chat.card(LINK)
    await chat.ann.react(card, GENRES["jazz"])
    assert votes(chat) == {"jazz": 1}
    assert len(chat.replies()) == 1
    current = chat.current(card)
    assert "1 says jazz." in text_of(current)
    assert len(components_of(current, PICTURE)) == len(current.attachments) == 1


async def test_newest_reaction_counts_and_without_reactions_there_is_no_vote(
    chat: Chat,
) -> None:
    card = await chat.card(LINK)
    await chat.ann.react(card, GENRES["jazz"])
    await chat.ann.react(card, GENRES["pop"])
    assert votes(chat) == {"pop": 1}
    await chat.ann.unreact(card, GENRES["jazz"])
    assert votes(chat) == {"pop": 1}
    await chat.ann.unreact(card, GENRES["pop"])
    assert votes(chat) == {}
    assert " says " not in text_of(chat.current(card))


async def test_removing_the_newest_reaction_makes_the_remaining_one_count(chat: Chat) -> None:
    card = await chat.card(LINK)
    await chat.ann.react(card, GENRES["jazz"])
    await chat.ann.react(card, GENRES["pop"])
    assert "1 says pop." in text_of(chat.current(card))
    await chat.ann.unreact(card, GENRES["pop"])
    assert votes(chat) == {"jazz": 1}
    assert "1 says jazz." in text_of(chat.current(card))


async def test_right_is_a_vote_for_the_predicted_genre(chat: Chat) -> None:
    card = await chat.card(LINK)
    await chat.ann.react(card, "✅")
    await chat.bob.react(card, GENRES["country"])
    assert votes(chat) == {"country": 2}
    assert "2 say country." in text_of(chat.current(card))


@pytest.mark.parametrize("genre", GENRES)
async def test_emoji_of_each_genre_is_a_vote(chat: Chat, genre: str) -> None:
    await chat.bob.react(await chat.card(LINK), GENRES[genre])
    assert votes(chat) == {genre: 1}


@pytest.mark.parametrize(
    ("emoji", "genre"),
    [("🤘🏿", "metal"), ("💃🏽", "latin"), ("🎛", "electronic"), ("🎸\ufe0f", "rock")],
)
async def test_skin_tones_and_variation_selectors_are_ignored(
    chat: Chat, emoji: str, genre: str
) -> None:
    card = await chat.card(LINK)
    await chat.ann.react(card, emoji)
    assert votes(chat) == {genre: 1}
    await chat.ann.unreact(card, emoji)
    assert votes(chat) == {}


@pytest.mark.parametrize("emoji", ["👍", "❤️", "🗑️", "partyparrot:123"])
async def test_other_reactions_are_not_votes(chat: Chat, emoji: str) -> None:
    card = await chat.card(LINK)
    await chat.bob.react(card, emoji)
    assert chat.app.votes.ballots == {}
    assert chat.requests("PATCH") == []


async def test_reactions_of_bots_are_not_votes(chat: Chat) -> None:
    card = await chat.card(LINK)
    assert card.reactions != []
    assert chat.app.votes.ballots == {}
    robot = chat.guild.add_member(chat.env.create_user("robot", bot=True))
    await robot.react(card, GENRES["jazz"])
    assert chat.app.votes.ballots == {}


async def test_reactions_under_other_messages_are_not_votes(chat: Chat) -> None:
    question = await chat.bob.send(chat.music, "a poll")
    await chat.ann.react(question, GENRES["jazz"])
    sentence = await chat.card(LINK.replace("track", "album"))
    await chat.ann.react(sentence, GENRES["jazz"])
    assert chat.app.votes.ballots == {}


async def test_disabled_reactions_are_neither_offered_nor_counted_but_the_menu_works(
    chat: Chat,
) -> None:
    chat.set_settings(ChannelSettings(reactions=False))
    card = await chat.card(LINK)
    assert card.reactions == []
    await chat.ann.react(card, GENRES["jazz"])
    assert votes(chat) == {}
    await chat.ann.select(card, ["pop"])
    assert votes(chat) == {"pop": 1}


async def test_thread_uses_the_reaction_setting_of_its_channel(chat: Chat) -> None:
    thread = chat.thread()
    card = await chat.card(LINK, thread)
    await chat.ann.react(card, GENRES["jazz"])
    assert votes(chat) == {"jazz": 1}
    chat.set_settings(ChannelSettings(reactions=False))
    await chat.ann.react(card, GENRES["pop"])
    assert votes(chat) == {"jazz": 1}


async def test_reactions_after_a_restart_are_counted_and_withdrawn(chat: Chat) -> None:
    card = await chat.card(LINK)
    await chat.ann.react(card, GENRES["jazz"])
    await chat.restart()
    await chat.bob.react(card, GENRES["jazz"])
    await chat.ann.unreact(card, GENRES["jazz"])
    assert votes(chat) == {"jazz": 1}
    assert "1 says jazz." in text_of(chat.current(card))


async def test_reaction_in_a_direct_message_is_a_vote(chat: Chat) -> None:
    user = chat.ann.user
    await user.send_dm(LINK)
    (card,) = chat.replies(user.dm_channel)
    await user.set_reaction(card, GENRES["jazz"], reacted=True)
    assert votes(chat) == {"jazz": 1}


async def test_quick_votes_are_recorded_in_order(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = await chat.card(LINK)
    backend = chat.env.backend
    delay_calls(monkeypatch, chat.app.predictions, "get", iterations=iter(range(40, 0, -1)))
    for emoji in EMOJI:
        backend.set_reaction(chat.music.id, card.id, emoji, chat.ann.id, reacted=True)
    for emoji in EMOJI[:-2]:
        backend.set_reaction(chat.music.id, card.id, emoji, chat.ann.id, reacted=False)
    backend.set_reaction(chat.music.id, card.id, EMOJI[-1], chat.ann.id, reacted=False)
    await chat.env.settle()
    assert votes(chat) == {list(GENRES)[-2]: 1}
    assert f"1 says {list(GENRES)[-2]}." in text_of(chat.current(card))


async def test_simultaneous_votes_refresh_the_card_at_most_twice(chat: Chat) -> None:
    card = await chat.card(LINK)
    await chat.restart(refresh_delay=1)
    for emoji in EMOJI:
        chat.env.backend.set_reaction(chat.music.id, card.id, emoji, chat.ann.id, reacted=True)
    await chat.env.settle()
    assert 1 <= len(chat.requests("PATCH")) <= 2


async def test_vote_before_the_card_is_stored_counts(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend = chat.env.backend
    delay_calls(monkeypatch, chat.app.messages, "remember", iterations=repeat(40))

    def vote_at_once(event: str, payload: Mapping[str, Any]) -> None:
        author = payload.get("author")
        if event == "MESSAGE_CREATE" and author == serializers.user_payload(backend.bot_user):
            message_id = int(payload["id"])
            backend.set_reaction(
                chat.music.id, message_id, GENRES["jazz"], chat.ann.id, reacted=True
            )

    backend.subscribers.append(vote_at_once)
    await chat.card(LINK)
    assert votes(chat) == {"jazz": 1}


async def test_votes_on_two_cards_are_separate(chat: Chat) -> None:
    first = await chat.card(LINK)
    second = await chat.card(OTHER_LINK)
    await chat.ann.react(second, GENRES["jazz"])
    assert " says " not in text_of(chat.current(first))
    assert "1 says jazz." in text_of(chat.current(second))


async def test_person_has_one_vote_on_two_cards_of_a_track(chat: Chat) -> None:
    first = await chat.card(LINK)
    await chat.ann.react(first, GENRES["jazz"])
    result = await chat.ann.slash(chat.music, "genre", song=LINK)
    assert result.response is not None
    await chat.ann.react(result.response, GENRES["pop"])
    assert chat.app.votes.counted() == [(2, "pop")]


async def test_vote_counts_although_the_card_cannot_be_refreshed(chat: Chat) -> None:
    card = await chat.card(LINK)
    chat.env.inject_error("PATCH", "/channels/*/messages/*", status=404, code=10008)
    await chat.ann.react(card, GENRES["jazz"])
    assert votes(chat) == {"jazz": 1}
    assert len(chat.requests("PATCH")) == 1


async def test_card_without_permission_to_react_has_no_reactions(chat: Chat) -> None:
    denied = discord.PermissionOverwrite(add_reactions=False)
    assert chat.env.bot.user is not None
    restricted = chat.guild.create_text_channel(
        "restricted", overwrites={chat.env.bot.user: denied}
    )
    card = await chat.card(LINK, restricted)
    assert card.reactions == []
    assert len(chat.requests("PUT", "/reactions/")) == 1
