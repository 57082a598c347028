"""Votes change the text of a card; its chart is uploaded once."""

import asyncio
from collections.abc import Mapping

import pytest

from bot.domain.emoji import GENRES
from tests.platforms.discord.wire.running import Wire, text_of
from tests.stubs.discord.faults import Fault
from tests.stubs.discord.objects import File, Json, Permission
from tests.stubs.discord.rest import MESSAGE, MESSAGES, ORIGINAL
from tests.support.fake_app import LINK

CHART = b"Old Town Road - Remix dark"
EDIT = ("PATCH", MESSAGE)
REFUSED = Fault(400, {"message": "Invalid Form Body", "code": 50035})


def uploads(wire: Wire) -> int:
    """Return the number of requests that had a file."""
    return sum(bool(call.files) for call in wire.stub.calls)


async def react(wire: Wire, card: Json, genre: str, *, count: int = 1) -> None:
    """Let a new person vote, and wait for the tally."""
    wire.actions.react(card["id"], wire.actions.user("somebody"), GENRES[genre])
    await wire.wait_for_votes(card, genre, count)


async def choose(wire: Wire, card: Json, genre: str) -> None:
    """Let a new person choose a genre in the menu, and wait for the tally."""
    person = wire.actions.user("somebody")
    wire.actions.select(card["id"], "genre:1", [genre], person)
    await wire.wait_for_votes(card, genre)


def displayed(wire: Wire, card: Json) -> bytes:
    """Return the one file that a card displays."""
    (chart,) = wire.stub.file_contents(wire.current(card))
    return chart


async def test_votes_on_a_card_keep_its_chart(wire: Wire) -> None:
    async with wire.bot():
        card = await wire.card(LINK)
        wire.app.renderer.broken = True  # the chart is not drawn again, either
        await react(wire, card, "jazz")
        await react(wire, card, "jazz", count=2)
        await choose(wire, card, "folk")
    assert "2 say jazz, 1 folk." in text_of(wire.current(card))
    assert displayed(wire, card) == CHART
    assert uploads(wire) == 1


@pytest.mark.parametrize("member", [True, False])
async def test_votes_on_the_answer_to_a_command_keep_its_chart(wire: Wire, *, member: bool) -> None:
    place = wire.music if member else wire.actions.group("friends")
    async with wire.bot():
        command = wire.actions.command("genre", wire.ada, place, user_installed=True, song=LINK)
        (card,) = await wire.stub.wait_for_responses(command)
        await choose(wire, card, "folk")
        await choose(wire, card, "pop")
        if member:
            await react(wire, card, "jazz")
    assert displayed(wire, card) == CHART
    assert uploads(wire) == 1


async def test_chart_is_uploaded_once_more_after_a_restart(wire: Wire) -> None:
    async with wire.bot():
        card = await wire.card(LINK)
    async with wire.bot():
        await react(wire, card, "jazz")
        assert uploads(wire) == 2
        await react(wire, card, "folk")
        await choose(wire, card, "pop")
    assert displayed(wire, card) == CHART
    assert uploads(wire) == 2


async def test_chart_of_a_card_that_a_restart_left_unrecorded_is_kept(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def end_before(_: object) -> None:
        pass

    with monkeypatch.context() as killed:
        killed.setattr(wire.app.inbox, "finish", end_before)
        async with wire.bot():
            card = await wire.card(LINK)
    wire.app.messages.stored.clear()
    async with wire.bot():
        await wire.stub.until(lambda: wire.app.messages.stored)
        await react(wire, card, "jazz")
    assert displayed(wire, card) == CHART
    assert uploads(wire) == 1


async def test_simultaneous_choices_after_a_restart_upload_the_chart_once(wire: Wire) -> None:
    async with wire.bot():
        card = await wire.card(LINK)
    async with wire.bot():
        await asyncio.gather(*(choose(wire, card, genre) for genre in ("jazz", "folk", "pop")))
        await wire.stub.wait_for_calls("PATCH", ORIGINAL, 3)
    assert displayed(wire, card) == CHART
    assert uploads(wire) == 2


async def test_chart_is_uploaded_again_if_discord_refuses_to_keep_it(wire: Wire) -> None:
    async with wire.bot():
        card = await wire.card(LINK)
        wire.stub.fail(*EDIT, REFUSED)
        await react(wire, card, "jazz")
        assert uploads(wire) == 2
        await react(wire, card, "folk")
    assert displayed(wire, card) == CHART
    assert uploads(wire) == 2


async def test_chart_that_another_process_replaced_is_uploaded_again(wire: Wire) -> None:
    async with wire.bot():
        card = await wire.card(LINK)
        replace_chart(wire, card)
        await react(wire, card, "jazz")
    assert displayed(wire, card) == CHART
    assert [call.status for call in wire.stub.calls_to(*EDIT)] == [400, 200]


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(Fault(404, {"message": "Unknown Message", "code": 10008}), id="deleted"),
        pytest.param(Fault(400, {"message": "Thread is archived", "code": 50083}), id="archived"),
    ],
)
async def test_chart_is_not_uploaded_again_if_the_card_cannot_be_edited(
    wire: Wire, fault: Fault
) -> None:
    async with wire.bot():
        card = await wire.card(LINK)
        wire.stub.fail(*EDIT, fault)
        wire.actions.react(card["id"], wire.bob, GENRES["jazz"])
        await wire.stub.wait_for_calls(*EDIT)
        await wire.drain()
    assert len(wire.stub.calls_to(*EDIT)) == 1
    assert uploads(wire) == 1


async def test_card_without_a_chart_gets_it_when_files_are_allowed(wire: Wire) -> None:
    wire.actions.deny(wire.music, Permission.ATTACH_FILES)
    async with wire.bot():
        card = await wire.card(LINK)
        await react(wire, card, "jazz")
        assert wire.stub.file_contents(wire.current(card)) == []
        wire.actions.deny(wire.music)
        await react(wire, card, "folk")
        allowed = uploads(wire)
        await react(wire, card, "pop")
    assert displayed(wire, card) == CHART
    assert uploads(wire) == allowed


async def test_votes_are_not_counted_for_a_card_that_nobody_has_seen(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    tally = wire.app.votes.tally

    async def count(card_id: int) -> Mapping[str, int]:
        asked.append(card_id)
        return await tally(card_id)

    monkeypatch.setattr(wire.app.votes, "tally", count)
    async with wire.bot():
        card = await wire.card(LINK)
        assert asked == []
        await react(wire, card, "jazz")
    assert asked == [1]


def replace_chart(wire: Wire, card: Json) -> None:
    """Replace the chart of a card by a new upload, as a process does that does not know it."""
    (sent,) = wire.stub.calls_to("POST", MESSAGES)
    payload = {
        "components": sent.payload["components"],
        "attachments": [{"id": 0, "filename": "chart.png"}],
    }
    message = wire.stub.state.messages[card["id"]]
    wire.stub.chat.edit(message, payload, [File("chart.png", b"of the other process")])
