"""Reactions are votes: given, changed, taken back, by anyone, whenever the card was sent."""

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
    """Return how many people say what of the first card."""
    tally: dict[str, int] = {}
    for on, genre in chat.app.votes.counted():
        assert on == 1
        tally[genre] = tally.get(genre, 0) + 1
    return tally


def slow(
    monkeypatch: pytest.MonkeyPatch, store: object, method: str, *, turns: Iterator[int]
) -> None:
    """Let a store's method wait for as many turns of the loop as `turns` says next."""
    known = getattr(store, method)

    async def waiting(*given: Any, **named: Any) -> Any:
        for _ in range(next(turns)):
            await asyncio.sleep(0)
        return await known(*given, **named)

    monkeypatch.setattr(store, method, waiting)


async def test_a_reaction_is_a_vote_that_the_card_acknowledges_without_another_message(
    chat: Chat,
) -> None:
    card = await chat.card(LINK)
    await chat.ann.react(card, GENRES["jazz"])
    assert votes(chat) == {"jazz": 1}
    assert len(chat.replies()) == 1
    now = chat.current(card)
    assert "You say: jazz (1)." in text_of(now)
    assert len(components_of(now, PICTURE)) == len(now.attachments) == 1


async def test_changing_a_reaction_changes_the_vote_and_removing_it_takes_it_back(
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
    assert "You say" not in text_of(chat.current(card))


async def test_right_is_a_vote_for_the_predicted_genre(chat: Chat) -> None:
    card = await chat.card(LINK)
    await chat.ann.react(card, "✅")
    await chat.bob.react(card, GENRES["country"])
    assert votes(chat) == {"country": 2}
    assert "You say: country (2)." in text_of(chat.current(card))


@pytest.mark.parametrize("genre", GENRES)
async def test_anyone_may_react_with_the_sign_of_any_genre(chat: Chat, genre: str) -> None:
    await chat.bob.react(await chat.card(LINK), GENRES[genre])
    assert votes(chat) == {genre: 1}


@pytest.mark.parametrize(
    ("sign", "genre"),
    [("🤘🏿", "metal"), ("💃🏽", "latin"), ("🎛", "electronic"), ("🎸\ufe0f", "rock")],
)
async def test_skin_tones_and_variation_selectors_do_not_matter(
    chat: Chat, sign: str, genre: str
) -> None:
    card = await chat.card(LINK)
    await chat.ann.react(card, sign)
    assert votes(chat) == {genre: 1}
    await chat.ann.unreact(card, sign)
    assert votes(chat) == {}


@pytest.mark.parametrize("sign", ["👍", "❤️", "🗑️", "partyparrot:123"])
async def test_other_reactions_say_nothing_of_a_song(chat: Chat, sign: str) -> None:
    card = await chat.card(LINK)
    await chat.bob.react(card, sign)
    assert chat.app.votes.ballots == {}
    assert chat.requests("PATCH") == []


async def test_the_bots_own_reactions_and_those_of_other_bots_are_no_votes(chat: Chat) -> None:
    card = await chat.card(LINK)
    assert card.reactions != []
    assert chat.app.votes.ballots == {}
    robot = chat.guild.add_member(chat.env.create_user("robot", bot=True))
    await robot.react(card, GENRES["jazz"])
    assert chat.app.votes.ballots == {}


async def test_reactions_under_messages_of_others_are_no_votes(chat: Chat) -> None:
    question = await chat.bob.send(chat.music, "a poll")
    await chat.ann.react(question, GENRES["jazz"])
    sentence = await chat.card(LINK.replace("track", "album"))
    await chat.ann.react(sentence, GENRES["jazz"])
    assert chat.app.votes.ballots == {}


async def test_where_reactions_are_off_none_is_offered_or_counted_and_the_menu_still_works(
    chat: Chat,
) -> None:
    chat.set_settings(ChannelSettings(reactions=False))
    card = await chat.card(LINK)
    assert card.reactions == []
    await chat.ann.react(card, GENRES["jazz"])
    assert votes(chat) == {}
    await chat.ann.select(card, ["pop"])
    assert votes(chat) == {"pop": 1}


async def test_a_thread_follows_its_channel_in_whether_reactions_count(chat: Chat) -> None:
    thread = chat.thread()
    card = await chat.card(LINK, thread)
    await chat.ann.react(card, GENRES["jazz"])
    assert votes(chat) == {"jazz": 1}
    chat.set_settings(ChannelSettings(reactions=False))
    await chat.ann.react(card, GENRES["pop"])
    assert votes(chat) == {"jazz": 1}


async def test_a_reaction_after_a_restart_is_a_vote_and_can_be_taken_back(chat: Chat) -> None:
    card = await chat.card(LINK)
    await chat.ann.react(card, GENRES["jazz"])
    await chat.restart()
    await chat.bob.react(card, GENRES["jazz"])
    await chat.ann.unreact(card, GENRES["jazz"])
    assert votes(chat) == {"jazz": 1}
    assert "You say: jazz (1)." in text_of(chat.current(card))


async def test_a_reaction_in_a_direct_message_is_a_vote(chat: Chat) -> None:
    user = chat.ann.user
    await user.send_dm(LINK)
    (card,) = chat.replies(user.dm_channel)
    await user.set_reaction(card, GENRES["jazz"], reacted=True)
    assert votes(chat) == {"jazz": 1}


async def test_quick_votes_end_in_their_order(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    card = await chat.card(LINK)
    backend = chat.env.backend
    slow(monkeypatch, chat.app.predictions, "get", turns=iter(range(40, 0, -1)))
    for sign in EMOJI:
        backend.set_reaction(chat.music.id, card.id, sign, chat.ann.id, reacted=True)
    for sign in EMOJI[:-2]:
        backend.set_reaction(chat.music.id, card.id, sign, chat.ann.id, reacted=False)
    backend.set_reaction(chat.music.id, card.id, EMOJI[-1], chat.ann.id, reacted=False)
    await chat.env.settle()
    assert votes(chat) == {list(GENRES)[-2]: 1}
    assert f"You say: {list(GENRES)[-2]} (1)." in text_of(chat.current(card))


async def test_many_votes_at_once_refresh_their_card_once(chat: Chat) -> None:
    card = await chat.card(LINK)
    for sign in EMOJI:
        chat.env.backend.set_reaction(chat.music.id, card.id, sign, chat.ann.id, reacted=True)
    await chat.env.settle()
    assert 1 <= len(chat.requests("PATCH")) <= 2


async def test_a_vote_that_comes_with_the_card_still_counts(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend = chat.env.backend
    slow(monkeypatch, chat.app.messages, "remember", turns=repeat(40))

    def at_once(event: str, payload: Mapping[str, Any]) -> None:
        author = payload.get("author")
        if event == "MESSAGE_CREATE" and author == serializers.user_payload(backend.bot_user):
            message_id = int(payload["id"])
            backend.set_reaction(
                chat.music.id, message_id, GENRES["jazz"], chat.ann.id, reacted=True
            )

    backend.subscribers.append(at_once)
    await chat.card(LINK)
    assert votes(chat) == {"jazz": 1}


async def test_votes_on_two_cards_do_not_mix(chat: Chat) -> None:
    first = await chat.card(LINK)
    second = await chat.card(OTHER_LINK)
    await chat.ann.react(second, GENRES["jazz"])
    assert "You say" not in text_of(chat.current(first))
    assert "You say: jazz (1)." in text_of(chat.current(second))


async def test_one_person_on_two_cards_of_a_track_has_one_vote(chat: Chat) -> None:
    first = await chat.card(LINK)
    await chat.ann.react(first, GENRES["jazz"])
    result = await chat.ann.slash(chat.music, "genre", song=LINK)
    assert result.response is not None
    await chat.ann.react(result.response, GENRES["pop"])
    assert chat.app.votes.counted() == [(2, "pop")]


async def test_a_vote_counts_also_when_its_card_cannot_be_refreshed(chat: Chat) -> None:
    card = await chat.card(LINK)
    chat.env.inject_error("PATCH", "/channels/*/messages/*", status=404, code=10008)
    await chat.ann.react(card, GENRES["jazz"])
    assert votes(chat) == {"jazz": 1}
    assert len(chat.requests("PATCH")) == 1


async def test_where_the_bot_may_not_react_the_card_stands_without_reactions(chat: Chat) -> None:
    mute = discord.PermissionOverwrite(add_reactions=False)
    assert chat.env.bot.user is not None
    quiet = chat.guild.create_text_channel("quiet", overwrites={chat.env.bot.user: mute})
    card = await chat.card(LINK, quiet)
    assert card.reactions == []
    assert len(chat.requests("PUT", "/reactions/")) == 1
