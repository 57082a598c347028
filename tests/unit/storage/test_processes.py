"""Several processes on one database, and one that is killed."""

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
from bot.storage.stores import open_vault
from bot.storage.user_hash import KEY_FILE
from bot.storage.votes import SqlVoteStore
from tests.contract import stores_process
from tests.contract.stores_values import ALICE, ANSWER, BOB, HERE, KEY, Ticking, about, record, url
from tests.support.fake_stores import FakeMessageStore, FakePredictionStore, FakeVoteStore

ROOT: Final = Path(stores_process.__file__).parents[2]
PROCESSES: Final = 4
TRACKS: Final = (Track("same"), Track("same"), Track("other"))

Process = subprocess.Popen[str]


@contextmanager
def process(*arguments: str) -> Iterator[Process]:
    command = [sys.executable, "-W", "error", "-m", stores_process.__name__, *arguments]
    with subprocess.Popen(
        command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        try:
            yield child
        finally:
            child.kill()


def tell(child: Process, line: str) -> None:
    assert child.stdin
    child.stdin.write(line + "\n")
    child.stdin.flush()


def hear(child: Process) -> str:
    assert child.stdout
    return child.stdout.readline().strip()


@pytest.fixture
def children(request: pytest.FixtureRequest) -> Iterator[list[Process]]:
    with ExitStack() as stack:
        several = [stack.enter_context(process(request.param)) for _ in range(PROCESSES)]
        assert [hear(child) for child in several] == ["started"] * PROCESSES
        yield several


@pytest.mark.parametrize("children", ["open"], indirect=True)
def test_processes_that_start_at_once_on_no_database_all_come_up(
    children: list[Process], tmp_path: Path
) -> None:
    for attempt in range(10):
        for child in children:
            tell(child, url(tmp_path / str(attempt) / "new.db"))
        assert [hear(child) for child in children] == ["ready"] * PROCESSES
        for child in children:
            tell(child, "close")
        for child in children:
            assert hear(child)


async def test_a_start_without_a_migration_does_not_pay_for_alembic(tmp_path: Path) -> None:
    async with open_database(url(tmp_path / "old.db")):
        pass
    with process("open") as child:
        assert hear(child) == "started"
        tell(child, url(tmp_path / "old.db"))
        assert hear(child) == "ready"
        tell(child, "close")
        assert hear(child) == "no alembic"


@pytest.mark.parametrize("children", ["key"], indirect=True)
def test_processes_that_start_at_once_without_a_key_agree_on_one(
    children: list[Process], tmp_path: Path
) -> None:
    for attempt in range(30):
        folder = tmp_path / str(attempt)
        for child in children:
            tell(child, str(folder))
        hashes = {hear(child) for child in children}
        assert len(hashes) == 1
        assert len(hashes.pop()) == 32
        assert [path.name for path in folder.iterdir()] == [KEY_FILE]


async def test_parallel_writers_lose_no_vote(tmp_path: Path) -> None:
    path = tmp_path / "votes.db"
    fakes = FakePredictionStore()
    async with open_database(url(path)) as database:
        for track in TRACKS:
            await SqlPredictionStore(database, Ticking()).add(about(track), HERE)
            await fakes.add(about(track), HERE)
    with ExitStack() as stack:
        children = [
            stack.enter_context(process("vote", url(path), str(seed))) for seed in range(PROCESSES)
        ]
        assert [hear(child) for child in children] == ["started"] * PROCESSES
        for child in children:
            tell(child, "go")
        assert [hear(child) for child in children] == ["done"] * PROCESSES

    with closing(sqlite3.connect(path)) as plain:
        rows = plain.execute(
            "SELECT prediction_id, user_hash, kind, genre, added FROM feedback ORDER BY id"
        ).fetchall()
        labels = plain.execute("SELECT track, genre, voters FROM feedback_labels").fetchall()
    events = [
        (card, user, (VoteKind(kind), genre), bool(added))
        for card, user, kind, genre, added in rows
    ]
    given = [event for seed in range(PROCESSES) for event in stores_process.script(seed)]
    assert Counter(events) == Counter(given)

    model = FakeVoteStore(fakes, FakeMessageStore(fakes))
    for card_id, user, choice, added in events:
        await record(model, card_id, user, choice, added=added)
    counted: Counter[tuple[str, str]] = Counter()
    async with open_database(url(path)) as database:
        feedback = SqlVoteStore(database, Ticking())
        for card_id in fakes.cards:
            for user in (ALICE, BOB):
                ballot = await model.ballot(card_id, user)
                assert await feedback.ballot(card_id, user) == ballot
                if card_id != 1 and ballot.counted:  # cards 1 and 2 are of one track
                    counted[fakes.cards[card_id].answer.subject.key, ballot.counted] += 1
    assert {(track, genre): voters for track, genre, voters in labels} == counted


async def test_a_secret_is_taken_by_one_of_several_processes(tmp_path: Path) -> None:
    address = url(tmp_path / "secrets.db")
    names = [str(number) for number in range(stores_process.SECRETS)]
    async with open_vault(address, [KEY], Ticking()) as vault:
        for name in names:
            await vault.put(name, name)
    with ExitStack() as stack:
        children = [stack.enter_context(process("take", address)) for _ in range(2)]
        assert [hear(child) for child in children] == ["started"] * 2
        for child in children:
            tell(child, "go")
        taken = [name for child in children for name in hear(child).split()]
    assert sorted(taken) == sorted(names)


@pytest.mark.parametrize("lines", [1, 8, 50])
async def test_kill_9_loses_nothing_that_was_acknowledged(tmp_path: Path, lines: int) -> None:
    path = tmp_path / "killed.db"
    with process("write", url(path)) as child:
        said = [hear(child) for _ in range(lines)]
        child.kill()
        assert child.stdout
        said += child.stdout.read().splitlines()  # what it said until it died
    await _check(path, [line for line in said if line], ANSWER)


async def _check(path: Path, said: list[str], answer: Answer) -> None:
    with closing(sqlite3.connect(path)) as plain:
        assert plain.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert plain.execute("PRAGMA foreign_key_check").fetchall() == []
    async with open_database(url(path)) as database:
        predictions = SqlPredictionStore(database, Ticking())
        messages = SqlMessageStore(database, Ticking())
        feedback = SqlVoteStore(database, Ticking())
        for line in said:
            match line.split():
                case ["card", card_id]:
                    card = await predictions.get(int(card_id))
                    assert card
                    assert card.answer == answer
                case ["message", message_id, card_id]:
                    shown = await messages.find(HERE, message_id)
                    assert shown
                    assert shown.id == int(card_id)
                case ["vote", card_id]:
                    assert (await feedback.ballot(int(card_id), ALICE)).counted
                case _:
                    pytest.fail(f"the process said {line!r}")
