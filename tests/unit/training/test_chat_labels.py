"""Learning from the chat's corrections: what is read, what counts, and what stays out."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.tracks import Track
from bot.domain.votes import Selection, VoteKind, changes_for
from bot.storage.engine import open_database
from bot.storage.predictions import SqlPredictionStore
from bot.storage.tables import VIEW_VERSION, feedback_labels
from bot.storage.votes import SqlVoteStore
from model.genres import WIDE
from model.schema import CORE, NAMES
from model.store import BundleStore
from tests.contract.stores_values import HERE, Ticking, about, url
from tests.support.factories import OLD_TOWN_ROAD, VALUES
from training import chat_labels, tables
from training.__main__ import main
from training.chat_labels import MOST_WEIGHT, ChatLabel, add_chat_labels, read_chat_labels
from training.commands import fit as command
from training.ensemble_training import Lesson, Plan, fit_ensemble
from training.errors import FeedbackError
from training.fit import fit
from training.identity import FINGERPRINT
from training.network import Network, Settings
from training.split import TEST_SHARE, Side, share_of
from training.tables import FEEDBACK
from training.tasks import Task

PLAN = Plan(networks=1, settings=Settings((8,), epochs=4, dropout=0.1), processes=1)
TASK = Task("tiny", ("rock", "hip-hop", "electronic"), NAMES, ("fma", "billboard"))
STRANGER = "5CQ30WqJwcep0pYcV4AMNc"


@pytest.fixture
def address(tmp_path: Path) -> str:
    """Name the bot's database as its settings do."""
    return url(tmp_path / "soundslike.db")


async def vote(
    address: str, track: str | None, votes: Mapping[str, str], **features: float
) -> None:
    """Answer about a track, and let each person in `votes` say a genre."""
    now = Ticking()
    async with open_database(address) as database:
        about_it = Track(track, "Title", ("Artist",))
        card = await SqlPredictionStore(database, now).add(
            about(about_it, **(features or VALUES)), HERE
        )
        for person, genre in votes.items():
            choice = Selection(card.id, VoteKind.CHOICE, genre)
            await SqlVoteStore(database, now).change(
                card.id, person, partial(changes_for, selection=choice, added=True)
            )


async def test_the_bots_own_database_is_read(address: str, tmp_path: Path) -> None:
    await vote(address, STRANGER, {"a": "folk", "b": "folk", "c": "jazz"})
    await vote(address, None, {"a": "rock"}, **dict.fromkeys(CORE, 0.5))
    before = (tmp_path / "soundslike.db").read_bytes()
    labels = read_chat_labels(address)
    assert [(label.track, label.genre, dict(label.voters)) for label in labels] == [
        (STRANGER, "folk", {"folk": 2, "jazz": 1}),
        ("title - artist", "rock", {"rock": 1}),
    ]
    assert labels[0].features == VALUES
    assert set(labels[1].features) == set(CORE)
    assert read_chat_labels(address.replace("+aiosqlite", "")) == labels
    assert (tmp_path / "soundslike.db").read_bytes() == before


async def test_it_can_be_read_while_the_bot_runs(address: str) -> None:
    await vote(address, STRANGER, {"a": "folk"})
    async with open_database(address) as database:
        card = await SqlPredictionStore(database, Ticking()).add(about(Track("x", "T", ())), HERE)
        choice = Selection(card.id, VoteKind.CHOICE, "jazz")
        await SqlVoteStore(database, Ticking()).change(
            card.id, "a", partial(changes_for, selection=choice, added=True)
        )
        assert {label.genre for label in read_chat_labels(address)} == {"folk", "jazz"}


@pytest.mark.parametrize(
    ("voters", "genre", "weight"),
    [
        ({"folk": 1}, "folk", 1),
        ({"folk": 3}, "folk", 3),
        ({"folk": 2, "jazz": 1}, "folk", 1),
        ({"folk": 3, "jazz": 1}, "folk", 2),
        ({"folk": 9, "jazz": 1}, "folk", MOST_WEIGHT),
        ({"folk": 2, "jazz": 1, "rock": 1}, "folk", 1),
        ({"folk": 2, "jazz": 2}, None, 1),
    ],
)
def test_the_genre_of_most_people_counts_by_how_many_agree(
    voters: dict[str, int], genre: str | None, weight: int
) -> None:
    label = ChatLabel("x", voters, {})
    assert (label.genre, label.weight) == (genre, weight)


@given(st.dictionaries(st.sampled_from(WIDE), st.integers(1, 50), min_size=1))
def test_one_more_who_agrees_never_weighs_less(voters: dict[str, int]) -> None:
    label = ChatLabel("x", voters, {})
    assert 1 <= label.weight <= MOST_WEIGHT
    if label.genre:
        more = ChatLabel("x", voters | {label.genre: voters[label.genre] + 1}, {})
        assert more.genre == label.genre
        assert more.weight >= label.weight


INSERT = "INSERT INTO feedback_labels VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
COLUMNS = ("view_version", "track", "genre", "voters", "all_voters", *NAMES)


@pytest.fixture
def made_up_view(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A database that has the view's columns in a table, to be filled with what cannot be."""
    with closing(sqlite3.connect(tmp_path / "soundslike.db", isolation_level=None)) as connection:
        connection.execute(f"CREATE TABLE feedback_labels ({', '.join(COLUMNS)})")
        yield connection


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"view_version": 2}, "has version 2; this code reads version 1"),
        ({"genre": "polka"}, "track x: no genre 'polka'"),
        ({"energy": 1.5}, "track x: energy is 1.5; expected a number from 0 to 1"),
        ({"tempo": "fast"}, "track x: tempo is 'fast'"),
    ],
)
def test_what_cannot_be_is_named(
    address: str, made_up_view: sqlite3.Connection, wrong: dict[str, Any], problem: str
) -> None:
    right = {"view_version": 1, "track": "x", "genre": "folk", "voters": 1, "all_voters": 1}
    values = list({**right, **VALUES, **wrong}.values())
    made_up_view.execute(INSERT, values)
    with pytest.raises(FeedbackError, match=problem):
        read_chat_labels(address)


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("sqlite+aiosqlite:///{}/none.db", "none.db.* cannot be read: unable to open"),
        ("sqlite:///{}/text.db", "cannot be read: file is not a database"),
        ("sqlite:///{}/empty.db", "no such table: feedback_labels"),
        ("nonsense", "address of the corrections cannot be used"),
        ("nonsense://host/x", "address of the corrections cannot be used"),
    ],
    ids=["no file", "no database", "no view", "no address", "no such driver"],
)
def test_a_database_that_cannot_be_read_is_one_sentence_and_exit_code_1(
    tmp_path: Path, address: str, problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "text.db").write_text("hello " * 1000)
    (tmp_path / "empty.db").write_bytes(b"")
    with pytest.raises(FeedbackError, match=problem):
        read_chat_labels(address.format(tmp_path))
    assert not (tmp_path / "none.db").exists()
    assert main(["fit", "--feedback", address.format(tmp_path)]) == 1
    assert len(capsys.readouterr().err.strip().splitlines()) == 1


def test_a_port_that_is_no_number_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fit", "--feedback", "postgresql://u:secret@host:port/db"]) == 1
    error = capsys.readouterr().err
    assert "the address of the corrections cannot be used" in error
    assert error.count("\n") == 1
    assert "secret" not in error


def test_no_password_is_shown() -> None:
    with pytest.raises(FeedbackError) as raised:
        read_chat_labels("sqlite+aiosqlite://ann:secret@host/none.db")
    assert "secret" not in str(raised.value)


@pytest.fixture
def rows(made_up_rows: pd.DataFrame) -> pd.DataFrame:
    """Prepared rows of a table with ids and of one without."""
    made_up_rows["id"] = [f"id{number}" for number in range(len(made_up_rows))]
    made_up_rows["filed"] = [("x",)] * len(made_up_rows)
    made_up_rows["year"], made_up_rows["line"] = "", 2
    return made_up_rows


def label(track: str = STRANGER, features: Mapping[str, float] = VALUES) -> ChatLabel:
    """Make a label of one voter."""
    return ChatLabel(track, {"rock": 1}, features)


def copy_of(row: "pd.Series[Any]") -> dict[str, float]:
    """Return a row's feature values."""
    return {name: float(row[name]) for name in NAMES if not np.isnan(row[name])}


def reasons(rows: pd.DataFrame, *labels: ChatLabel, known: pd.DataFrame | None = None) -> list[str]:
    """Return why labels stay out."""
    return list(add_chat_labels(rows, labels, rows if known is None else known)[1].left_out)


def test_a_label_becomes_a_training_row(rows: pd.DataFrame) -> None:
    found, sifted = add_chat_labels(rows, [ChatLabel(STRANGER, {"folk": 4}, VALUES)], rows)
    pd.testing.assert_frame_equal(found[:-1][rows.columns], rows, check_dtype=False)
    added = found.iloc[-1]
    assert (added["table"], added["genre"], added["side"]) == (FEEDBACK, "folk", Side.TRAIN)
    assert (added["weight"], set(found["weight"][:-1])) == (4, {1})
    assert copy_of(added) == pytest.approx(VALUES)
    assert sifted.added == {"folk": 1}
    assert list(sifted.lines()) == ["feedback: 1 tracks added (1 folk)"]


def test_no_label_changes_nothing(rows: pd.DataFrame) -> None:
    found, sifted = add_chat_labels(rows, [], rows)
    pd.testing.assert_frame_equal(found[rows.columns], rows)
    assert list(sifted.lines()) == ["feedback: 0 tracks added"]


def test_a_track_of_the_test_side_stays_out(rows: pd.DataFrame) -> None:
    test = rows[(rows["side"] == Side.TEST) & (rows["table"] == "billboard")].iloc[0]
    out = ["they are on the test side"]
    assert reasons(rows, label(test["id"])) == out
    assert reasons(rows, label(features=copy_of(test))) == out
    train = rows[(rows["side"] == Side.TRAIN) & (rows["table"] == "billboard")].iloc[0]
    assert reasons(rows, label(train["id"], copy_of(train))) == []


def test_the_id_of_another_kind_of_table_is_no_spotify_id(rows: pd.DataFrame) -> None:
    fma = rows[(rows["side"] == Side.TEST) & (rows["table"] == "fma")].iloc[0]
    assert reasons(rows, label(fma["id"])) == []


def test_an_artist_of_the_test_side_is_known_by_name(rows: pd.DataFrame) -> None:
    names = [f"artist {number}" for number in range(50)]
    tested = next(name for name in names if share_of(name) < TEST_SHARE)
    trained = next(name for name in names if share_of(name) >= TEST_SHARE)
    assert reasons(rows, label(f"new song - {tested}, guest")) == ["they are on the test side"]
    assert reasons(rows, label(f"new song - {trained}")) == []


def test_songs_of_the_embedded_catalogue_stay_out(rows: pd.DataFrame) -> None:
    out = ["they are in the embedded catalogue"]
    assert reasons(rows, label(OLD_TOWN_ROAD)) == out
    assert reasons(rows, label("so what - remastered - miles davis")) == out
    queen = rows.iloc[[0]].assign(
        table="playlists", artist="Queen", title="Bohemian Rhapsody - Live", id="another"
    )
    known = pd.concat([rows, queen], ignore_index=True)
    assert reasons(rows, label("another"), known=known) == out
    assert reasons(rows, label(features=copy_of(queen.iloc[0])), known=known) == out


def test_a_lead_that_is_shared_and_values_that_lack_are_no_label(rows: pd.DataFrame) -> None:
    tie = ChatLabel("a", {"folk": 1, "jazz": 1}, VALUES)
    few = ChatLabel("b", {"folk": 1}, {name: 0.5 for name in CORE if name != FINGERPRINT[0]})
    found, sifted = add_chat_labels(rows, [tie, few, few], rows)
    assert len(found) == len(rows)
    assert sifted.left_out == {"features are missing": 2, "two genres share the lead": 1}
    assert "feedback: 2 tracks stay out: features are missing" in sifted.lines()


def test_weight_counts_as_copies(rows: pd.DataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []

    def look(lesson: Lesson, _seed: int) -> Network:
        seen.append(len(lesson.shelf))
        return Network((), ())

    monkeypatch.setattr(Lesson, "train", look)
    heavier = add_chat_labels(rows, [ChatLabel(STRANGER, {"rock": 4}, VALUES)], rows)[0]
    for some in (rows, heavier):
        fit_ensemble(some, TASK, PLAN, 1, "test")
    assert seen[1] - seen[0] == 4


@pytest.mark.training
def test_the_fit_says_what_the_labels_changed(rows: pd.DataFrame) -> None:
    rng = np.random.default_rng(0)
    labels = [
        label(f"new{number}", {**VALUES, **{name: float(rng.random()) for name in FINGERPRINT}})
        for number in range(40)
    ]
    corrected, _ = add_chat_labels(rows, labels, rows)
    plain = fit(rows, TASK, PLAN, seed=1).metadata
    found = fit(corrected, TASK, PLAN, seed=1).metadata
    assert found.metrics["test, all, without feedback"] == plain.metrics["test"]["all"]
    assert found.metrics["test"]["all"] != plain.metrics["test"]["all"]
    assert found.metrics["test"]["all"]["rows"] == plain.metrics["test"]["all"]["rows"]
    assert found.version != plain.version
    (entry,) = [entry for entry in found.data if entry["name"] == FEEDBACK]
    assert entry["rows_by_genre"] == {"rock": 40}
    assert found.metrics["test"].keys() == plain.metrics["test"].keys()


async def test_the_verb_reads_prepares_and_adds(
    address: str, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await vote(address, STRANGER, {"a": "folk"})
    await vote(address, OLD_TOWN_ROAD, {"a": "country"})
    arguments = ["fit", "--data", str(data), "--tables", "fma,billboard", "--feedback", address]
    assert main(arguments) == 1
    said = capsys.readouterr()
    assert "feedback: 1 tracks added (1 folk)" in said.out
    assert "feedback: 1 tracks stay out: they are in the embedded catalogue" in said.out
    assert "too few rows to train and to test on" in said.err


@pytest.mark.training
async def test_the_verb_says_what_the_corrections_changed(
    address: str,
    rows: pd.DataFrame,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    await vote(address, STRANGER, dict.fromkeys("abcde", "rock"))
    monkeypatch.setattr(command, "load_dataset", lambda *_: rows)
    monkeypatch.setattr(tables, "load_tables", lambda *_: rows)
    monkeypatch.setattr(command, "TASKS", [replace(TASK, name="study")])
    monkeypatch.setattr(command, "PLANS", {"study": PLAN})
    out = tmp_path / "bundles"
    assert main(["fit", "--out", str(out), "--feedback", address]) == 0
    said = capsys.readouterr().out
    metrics = BundleStore(out).load("study").metadata.metrics
    change = metrics["test"]["all"]["macro_f1"] - metrics["test, all, without feedback"]["macro_f1"]
    (line,) = [line for line in said.splitlines() if "feedback changed, test, all" in line]
    assert f"macro_f1 {change:+.4f}" in line
    assert "| test, all, without feedback |" in (out / "CARD.md").read_text()


def test_the_two_sides_agree_on_the_views_version() -> None:
    assert chat_labels.VIEW_VERSION == VIEW_VERSION
    assert set(chat_labels.VIEW.c.keys()) <= set(feedback_labels.c.keys())
