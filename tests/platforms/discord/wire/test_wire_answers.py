"""Actions of people and the bot's replies, over HTTP and a websocket."""

import asyncio
from pathlib import Path

import discord
import pytest

from bot.domain.cards import Theme, offered_genres
from bot.domain.emoji import GENRES, RIGHT
from bot.domain.places import Place
from bot.runtime.composition import open_services
from tests.platforms.discord.wire.running import OTHER_LINK, REACT, Wire, reactions_of, text_of
from tests.stubs.discord.rest import COMMANDS, MESSAGE, MESSAGES
from tests.support.bot_process import offline_settings
from tests.support.fake_app import LINK


async def test_pasted_link_is_answered_with_its_chart_unchanged(wire: Wire, tmp_path: Path) -> None:
    offline = offline_settings(tmp_path)
    async with open_services(offline) as opened, wire.bot(opened.services):
        sent = await wire.card(LINK)
        card = await opened.services.cards.displayed_by(
            Place("discord", wire.guild.id, wire.music.id), sent["id"]
        )
        assert card is not None
        chart = await opened.services.cards.chart(card, Theme.DARK)
    assert chart is not None
    assert chart.startswith(b"\x89PNG")
    assert wire.stub.file_contents(sent) == [chart]
    assert "Old Town Road" in text_of(sent)
    offered = offered_genres(card.answer)
    assert reactions_of(wire.current(sent)) == [RIGHT, *(GENRES[genre] for genre in offered)]


async def test_reply_references_the_message_and_mentions_no_one(wire: Wire) -> None:
    async with wire.bot():
        question_id = wire.actions.post(wire.music, wire.ada, f"{LINK} {wire.mention} @everyone")
        (sent,) = await wire.stub.wait_for_messages(wire.music)
    assert sent["message_reference"]["message_id"] == question_id
    assert sent["mentions"] == []
    assert not sent["mention_everyone"]
    (call,) = wire.stub.calls_to("POST", MESSAGES)
    assert call.payload["allowed_mentions"]["parse"] == []
    assert call.payload["nonce"] == f"{question_id}-0"


async def test_connection_is_reported_to_the_operator_once(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready = asyncio.Semaphore(0)
    dispatch = discord.Client.dispatch

    def dispatch_and_count(client: discord.Client, event: str, *arguments: object) -> None:
        dispatch(client, event, *arguments)
        if event == "ready":
            ready.release()

    monkeypatch.setattr(discord.Client, "dispatch", dispatch_and_count)
    async with wire.bot() as running:
        await wire.with_timeout(ready.acquire())
        await wire.stub.gateway.invalidate_sessions()
        await wire.with_timeout(ready.acquire())
        await wire.drain()
    (line,) = running.lines
    assert "Soundslike" in line
    assert "1 server" in line


async def test_reactions_vote_and_removing_them_withdraws_the_vote(wire: Wire) -> None:
    async with wire.bot():
        card = await wire.card(LINK)
        wire.actions.react(card["id"], wire.bob, GENRES["jazz"])
        await wire.wait_for_text(card, "1 says jazz.")
        wire.actions.react(card["id"], wire.ada, RIGHT)
        await wire.wait_for_votes(card, "country")
        wire.actions.react(card["id"], wire.bob, GENRES["folk"])
        await wire.wait_for_votes(card, "folk")
        wire.actions.react(card["id"], wire.bob, GENRES["folk"], added=False)
        await wire.wait_for_votes(card, "jazz")
        wire.actions.react(card["id"], wire.bob, GENRES["jazz"], added=False)
        await wire.wait_for_text(card, "1 says country.")
        assert len(wire.stub.file_contents(wire.current(card))) == 1
    assert len(wire.stub.messages(wire.music)) == 1


async def test_menu_choice_is_confirmed_and_displayed(wire: Wire) -> None:
    async with wire.bot():
        card = await wire.card(LINK)
        choice = wire.actions.select(card["id"], "genre:1", ["blues"], wire.bob)
        (confirmation,) = await wire.stub.wait_for_responses(choice)
        await wire.wait_for_text(card, "1 says blues.")
    assert "blues" in text_of(confirmation)
    assert confirmation["flags"] & 1 << 6
    assert len(wire.stub.messages(wire.music)) == 1


async def test_command_is_deferred_and_answered_with_a_card_that_counts_votes(wire: Wire) -> None:
    async with wire.bot():
        interaction = wire.actions.command(
            "genre", wire.ada, wire.music, song="heroes - david bowie"
        )
        (card,) = await wire.stub.wait_for_responses(interaction)
        await wire.stub.wait_for_calls(*REACT, 4)
        wire.actions.react(card["id"], wire.bob, GENRES["pop"])
        await wire.wait_for_text(card, "1 says pop.")
    assert interaction.response_type == 5
    assert interaction.messages == [card["id"]]
    assert "Heroes" in text_of(card)
    assert wire.stub.file_contents(card) == [b"Heroes dark"]


@pytest.mark.parametrize("server", [True, False])
async def test_where_the_bot_is_no_member_votes_are_given_by_the_menu_only(
    wire: Wire, *, server: bool
) -> None:
    guild = wire.actions.guild("Other", wire.bob, joined=False)
    place = wire.actions.channel(guild, "x") if server else wire.actions.group("friends")
    async with wire.bot():
        interaction = wire.actions.command("genre", wire.ada, place, user_installed=True, song=LINK)
        (card,) = await wire.stub.wait_for_responses(interaction)
        choice = wire.actions.select(card["id"], "genre:1", ["blues"], wire.ada)
        await wire.stub.wait_for_responses(choice)
        await wire.wait_for_text(card, "1 says blues.")
        await wire.drain()
    assert wire.stub.file_contents(card) == [b"Old Town Road - Remix dark"]
    assert wire.stub.calls_to(*REACT) == []


async def test_autocompletion_suggests_songs(wire: Wire) -> None:
    async with wire.bot():
        interaction = wire.actions.autocomplete("genre", wire.ada, wire.music, song="hero")
        (choice,) = await wire.stub.wait_for_choices(interaction)
    assert "Heroes" in choice["name"]
    assert choice["value"] == OTHER_LINK


async def test_deleting_a_question_deletes_its_answer(wire: Wire) -> None:
    async with wire.bot():
        card = await wire.card(LINK)
        wire.actions.delete(card["message_reference"]["message_id"])
        await wire.stub.wait_for_calls("DELETE", MESSAGE)
    assert wire.stub.messages(wire.music) == []


async def test_commands_are_registered_again_only_if_they_differ(wire: Wire) -> None:
    for _ in range(2):
        async with wire.bot():
            pass
    assert len(wire.stub.calls_to("PUT", COMMANDS)) == 1
    wire.stub.state.commands[0]["description"] = "changed"
    async with wire.bot():
        pass
    assert len(wire.stub.calls_to("PUT", COMMANDS)) == 2
