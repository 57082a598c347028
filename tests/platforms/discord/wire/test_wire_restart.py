"""A restart: what happened meanwhile is answered once, by resuming the session of the last run."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.domain.emoji import GENRES
from bot.domain.jobs import GatewaySession, PlannedReply
from bot.platforms.discord import transports
from bot.platforms.discord.transports import NONCE_LIFETIME
from tests.platforms.discord.wire.running import (
    OFFERED_REACTIONS,
    OTHER_LINK,
    REACT,
    Wire,
    text_of,
)
from tests.stubs.discord.history import MAX_PAGE
from tests.stubs.discord.objects import Json
from tests.stubs.discord.rest import MESSAGES
from tests.stubs.discord.sessions import Session
from tests.support.fake_app import LINK
from tests.support.killed_process import KilledProcess


def stored_session(wire: Wire) -> GatewaySession:
    """Return the session that is stored."""
    session, _ = wire.app.gateway_sessions.stored["discord", 0]
    return session


def titles(wire: Wire) -> list[str]:
    """Return the titles of the cards in the channel, sorted."""
    known = ("Old Town Road", "Heroes")
    return sorted(title for text in wire.texts(wire.music) for title in known if title in text)


async def test_messages_of_the_time_between_two_runs_are_answered_once(wire: Wire) -> None:
    async with wire.bot():
        await wire.drain()
    wire.actions.post(wire.music, wire.ada, LINK)
    wire.actions.post(wire.music, wire.bob, OTHER_LINK)
    wire.actions.post(wire.music, wire.bob, "no link")
    async with wire.bot():
        await wire.stub.wait_for_messages(wire.music, 3)
        await wire.drain()
    assert titles(wire) == ["Heroes", "Old Town Road"]
    async with wire.bot():
        await wire.drain()
    assert titles(wire) == ["Heroes", "Old Town Road"]


async def test_reactions_of_the_time_between_two_runs_count_once(wire: Wire) -> None:
    async with wire.bot():
        card = await wire.card(LINK)
    wire.actions.react(card["id"], wire.bob, GENRES["jazz"])
    wire.actions.react(card["id"], wire.ada, GENRES["blues"])
    wire.actions.react(card["id"], wire.ada, GENRES["blues"], added=False)
    async with wire.bot():
        await wire.wait_for_votes(card, "jazz")
        await wire.drain()
    assert wire.app.votes.counted() == [(1, "jazz")]


async def test_answer_to_a_message_that_was_deleted_between_two_runs_is_deleted(wire: Wire) -> None:
    async with wire.bot():
        card = await wire.card(LINK)
    wire.actions.delete(card["message_reference"]["message_id"])
    async with wire.bot():
        await wire.stub.until(lambda: card["id"] not in wire.stub.state.messages)


async def test_answer_to_a_link_that_was_removed_between_two_runs_is_deleted(wire: Wire) -> None:
    async with wire.bot():
        card = await wire.card(LINK)
    wire.actions.edit(card["message_reference"]["message_id"], OTHER_LINK)
    wire.actions.unfurl(card["message_reference"]["message_id"])
    async with wire.bot():
        await wire.stub.until(lambda: titles(wire) == ["Heroes"])
        await wire.drain()
    assert titles(wire) == ["Heroes"]


async def test_event_that_cannot_be_stored_is_asked_for_by_the_next_run(wire: Wire) -> None:
    wire.stop_seconds = 0.05
    async with wire.bot():
        await wire.drain()
        wire.app.inbox.locked = True
        wire.actions.post(wire.music, wire.ada, LINK)
        (session,) = wire.stub.gateway.ready_sessions
        number = len(session.events)
        await wire.stub.until(lambda: session.sent == number)
    assert stored_session(wire).session_id == session.id
    assert stored_session(wire).sequence < number
    wire.app.inbox.locked = False
    async with wire.bot():
        await wire.stub.wait_for_messages(wire.music, 2)
        await wire.drain()
    assert titles(wire) == ["Old Town Road"]


async def test_stored_position_follows_the_events(wire: Wire) -> None:
    async with wire.bot():
        await wire.card(LINK)
        await wire.drain()
        (session,) = wire.stub.gateway.ready_sessions
    first = stored_session(wire)
    assert (first.session_id, first.sequence) == (session.id, len(session.events))
    async with wire.bot():
        await wire.drain()
        newest = wire.stub.gateway.ready_sessions[-1]
    assert stored_session(wire).session_id == newest.id != first.session_id


async def test_run_starts_without_the_session_that_discord_has_forgotten(wire: Wire) -> None:
    async with wire.bot():
        await wire.drain()
    wire.stub.gateway.sessions.clear()
    wire.actions.post(wire.music, wire.ada, LINK)
    async with wire.bot():
        await wire.card(OTHER_LINK)
    assert titles(wire) == ["Heroes"]


async def test_run_starts_although_the_stored_session_is_nonsense(wire: Wire) -> None:
    nonsense = GatewaySession(0, "x", "ws://127.0.0.1:1", 1)
    await wire.app.gateway_sessions.save("discord", nonsense)
    async with wire.bot():
        await wire.card(LINK)
    assert stored_session(wire) != nonsense


async def test_events_that_arrive_twice_are_answered_once(wire: Wire) -> None:
    wire.stub.gateway.resume_overlap = 100
    async with wire.bot():
        card = await wire.card(LINK)
        wire.actions.react(card["id"], wire.bob, GENRES["jazz"])
        await wire.wait_for_votes(card, "jazz")
    wire.actions.post(wire.music, wire.ada, OTHER_LINK)
    async with wire.bot():
        await wire.stub.wait_for_messages(wire.music, 2)
        await wire.drain()
    assert titles(wire) == ["Heroes", "Old Town Road"]
    assert wire.app.votes.counted() == [(1, "jazz")]
    assert len(wire.stub.calls_to("POST", MESSAGES)) == 3  # with the reply that drain() causes


Mutate = Callable[[Json], Any]


def without(*path: str) -> Mutate:
    def mutate(data: Json) -> Json:
        holder = data
        for name in path[:-1]:
            holder = holder.get(name) or {}
        holder.pop(path[-1], None)
        return data

    return mutate


def replaced(name: str, value: object) -> Mutate:
    return lambda data: data | {name: value}


WRONG: list[Any] = [None, "words", -1, 10**30, [], {}, {"id": []}, True]
MUTATIONS: list[Mutate] = [
    *(without(name) for name in ("id", "author", "content", "type", "channel_id", "guild_id")),
    *(without(name) for name in ("emoji", "user_id", "message_id", "attachments", "mentions")),
    without("author", "id"),
    without("emoji", "name"),
    *(
        replaced(name, value)
        for name in (
            "id",
            "author",
            "content",
            "type",
            "emoji",
            "guild_id",
            "channel_id",
            "user_id",
        )
        for value in WRONG
    ),
    *((lambda _, value=value: value) for value in WRONG),
]
"""Changes of an event's data."""

EVENTS = (
    "MESSAGE_CREATE",
    "MESSAGE_REACTION_ADD",
    "MESSAGE_REACTION_REMOVE",
    "MESSAGE_DELETE",
    "MESSAGE_DELETE_BULK",
    "MESSAGE_UPDATE",
    "INTERACTION_CREATE",
    "GUILD_CREATE",
    "CHANNEL_UPDATE",
    "THREAD_CREATE",
)


def latest(session: Session, event: str) -> Json:
    """Return the data of the latest event of a name, or of the latest reaction."""
    for one in reversed(session.events):
        if one["t"] == event and isinstance(one["d"], dict):
            return dict(one["d"])
    return latest(session, "MESSAGE_REACTION_ADD")


@pytest.mark.parametrize("event", EVENTS)
async def test_malformed_events_do_not_end_the_connection(wire: Wire, event: str) -> None:
    async with wire.bot() as running:
        card = await wire.card(LINK)
        wire.actions.react(card["id"], wire.bob, GENRES["jazz"])
        wire.actions.react(card["id"], wire.bob, GENRES["pop"], added=False)
        choice = wire.actions.select(card["id"], "genre:1", ["blues"], wire.ada)
        await wire.stub.wait_for_responses(choice)
        (session,) = wire.stub.gateway.ready_sessions
        for mutate in MUTATIONS:
            session.push(event, mutate(latest(session, event)))
        heroes = await wire.card(OTHER_LINK)
        assert "Heroes" in text_of(heroes)
        assert not running.task.done()
    assert len(wire.stub.gateway.identify_payloads) == 1
    assert wire.stub.gateway.resume_count == 0
    wire.stub.violations.clear()


@pytest.mark.parametrize("hidden", [False, True])
async def test_reply_is_not_sent_twice_although_many_messages_precede_it(
    wire: Wire, monkeypatch: pytest.MonkeyPatch, *, hidden: bool
) -> None:
    if hidden:
        monkeypatch.setattr(transports, "HISTORY_LENGTH", MAX_PAGE)
    killed = KilledProcess(wire.app)
    async with wire.bot():
        await wire.drain()
    wire.actions.post(wire.music, wire.ada, LINK)
    for number in range(MAX_PAGE + 20):
        wire.actions.post(wire.music, wire.bob, f"no link {number}")
    async with wire.bot():
        await wire.stub.wait_for_calls(*REACT, OFFERED_REACTIONS)
        await wire.drain()
    sent = len(wire.stub.calls_to("POST", MESSAGES))
    job = next(job for job in killed.jobs if job.payload.get("links"))
    await killed.leave(job, PlannedReply(1))
    wire.app.time += NONCE_LIFETIME * 2
    async with wire.bot():
        await wire.with_timeout(killed.finished.wait())
    assert len(wire.stub.calls_to("POST", MESSAGES)) == sent
