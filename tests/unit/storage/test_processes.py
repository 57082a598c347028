"""Several processes on one database, and a killed process."""

import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Final

import pytest

from bot.domain.cards import Answer
from bot.domain.tracks import Track
from bot.domain.votes import VoteKind
from bot.storage.engine import open_database
from bot.storage.messages import SqlMessageStore
from bot.storage.predictions import SqlPredictionStore
from bot.storage.user_hash import KEY_FILE
from bot.storage.votes import SqlVoteStore
from tests.support.fake_messages import FakeMessageStore
from tests.support.fake_stores import FakePredictionStore, FakeVoteStore
from tests.support.store_values import (
    ALICE,
    ANSWER,
    BOB,
    PLACE,
    TickingClock,
    answer_about,
    change_ballot,
    sqlite_url,
)
from tests.unit.storage import storage_process

ROOT: Final = Path(storage_process.__file__).parents[3]
PROCESSES: Final = 3
TRACKS: Final = (Track("same"), Track("same"), Track("other"))

Process = subprocess.Popen[str]


@contextmanager
def process(*arguments: str) -> Iterator[Process]:
    command = [sys.executable, "-W", "error", "-m", storage_process.__name__, *arguments]
    with subprocess.Popen(
        command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        try:
            yield child
        finally:
            child.kill()


def send(child: Process, line: str) -> None:
    assert child.stdin
    child.stdin.write(line + "\n")
    child.stdin.flush()


def read_line(child: Process) -> str:
    assert child.stdout
    return child.stdout.readline().strip()


@pytest.fixture
def children(request: pytest.FixtureRequest) -> Iterator[list[Process]]:
    with ExitStack() as stack:
        several = [stack.enter_context(process(request.param)) for _ in range(PROCESSES)]
        assert [read_line(child) for child in several] == ["started"] * PROCESSES
        yield several


@pytest.mark.parametrize("children", ["open"], indirect=True)
def test_concurrent_processes_can_create_the_database(
    children: list[Process], tmp_path: Path
) -> None:
    for attempt in range(10):
        for child in children:
            send(child, sqlite_url(tmp_path / str(attempt) / "new.db"))
        assert [read_line(child) for child in children] == ["ready"] * PROCESSES
        for child in children:
            send(child, "close")
        for child in children:
            assert read_line(child)


async def test_start_without_a_migration_does_not_import_alembic(tmp_path: Path) -> None:
    async with open_database(sqlite_url(tmp_path / "old.db")):
        pass
    with process("open") as child:
        assert read_line(child) == "started"
        send(child, sqlite_url(tmp_path / "old.db"))
        assert read_line(child) == "ready"
        send(child, "close")
        assert read_line(child) == "no alembic"


@pytest.mark.parametrize("children", ["key"], indirect=True)
def test_concurrent_processes_create_one_key(children: list[Process], tmp_path: Path) -> None:
    for attempt in range(30):
        folder = tmp_path / str(attempt)
        for child in children:
            send(child, str(folder))
        hashes = {read_line(child) for child in children}
        assert len(hashes) == 1
        assert len(hashes.pop()) == 32
        assert [path.name for path in folder.iterdir()] == [KEY_FILE]


async def test_concurrent_processes_lose_no_vote(tmp_path: Path) -> None:
    path = tmp_path / "votes.db"
    fakes = FakePredictionStore()
    async with open_database(sqlite_url(path)) as database:
        for track in TRACKS:
            await SqlPredictionStore(database, TickingClock()).add(answer_about(track), PLACE)
            await fakes.add(answer_about(track), PLACE)
    with ExitStack() as stack:
        children = [
            stack.enter_context(process("vote", sqlite_url(path), str(seed)))
            for seed in range(PROCESSES)
        ]
        assert [read_line(child) for child in children] == ["started"] * PROCESSES
        for child in children:
            send(child, "go")
        assert [read_line(child) for child in children] == ["done"] * PROCESSES

    with closing(sqlite3.connect(path)) as plain:
        rows = plain.execute(
            "SELECT prediction_id, user_hash, kind, genre, added FROM feedback ORDER BY id"
        ).fetchall()
        labels = plain.execute("SELECT track, genre, voters FROM feedback_labels").fetchall()
    events = [
        (card, user, (VoteKind(kind), genre), bool(added))
        for card, user, kind, genre, added in rows
    ]
    expected = [event for seed in range(PROCESSES) for event in storage_process.random_votes(seed)]
    assert Counter(events) == Counter(expected)

    model = FakeVoteStore(fakes, FakeMessageStore(fakes))
    for card_id, user, choice, added in events:
        await change_ballot(model, card_id, user, choice, added=added)
    counted: Counter[tuple[str, str]] = Counter()
    async with open_database(sqlite_url(path)) as database:
        votes = SqlVoteStore(database, TickingClock())
        for card_id in fakes.cards:
            for user in (ALICE, BOB):
                ballot = await model.ballot(card_id, user)
                assert await votes.ballot(card_id, user) == ballot
                if card_id != 1 and ballot.counted:  # cards 1 and 2 have the same track
                    counted[fakes.cards[card_id].answer.subject.key, ballot.counted] += 1
    assert {(track, genre): voters for track, genre, voters in labels} == counted


@pytest.mark.parametrize("count", [1, 50])
async def test_killed_process_loses_no_acknowledged_write(tmp_path: Path, count: int) -> None:
    path = tmp_path / "killed.db"
    with process("write", sqlite_url(path)) as child:
        lines = [read_line(child) for _ in range(count)]
        child.kill()
        assert child.stdout
        lines += child.stdout.read().splitlines()
    await _check(path, [line for line in lines if line], ANSWER)


async def _check(path: Path, lines: list[str], answer: Answer) -> None:
    with closing(sqlite3.connect(path)) as plain:
        assert plain.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert plain.execute("PRAGMA foreign_key_check").fetchall() == []
    async with open_database(sqlite_url(path)) as database:
        predictions = SqlPredictionStore(database, TickingClock())
        messages = SqlMessageStore(database, TickingClock())
        votes = SqlVoteStore(database, TickingClock())
        for line in lines:
            match line.split():
                case ["card", card_id]:
                    card = await predictions.get(int(card_id))
                    assert card
                    assert card.answer == answer
                case ["message", message_id, card_id]:
                    card = await messages.find(PLACE, message_id)
                    assert card
                    assert card.id == int(card_id)
                case ["vote", card_id]:
                    assert (await votes.ballot(int(card_id), ALICE)).counted
                case _:
                    pytest.fail(f"unknown line {line!r}")
