"""Labels from the chat: reading them, their weight, and which are left out."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from training.chat_labels import MAX_WEIGHT, ChatLabel, add_chat_labels, read_chat_labels

from bot.domain.tracks import Track
from bot.domain.votes import Selection, VoteKind, changes_for
from bot.storage.engine import open_database
from bot.storage.predictions import SqlPredictionStore
from bot.storage.tables import VIEW_VERSION, feedback_labels
from bot.storage.votes import SqlVoteStore
from model.genres import WIDE
from model.schema import CORE, NAMES
from tests.support.factories import OLD_TOWN_ROAD, VALUES
from tests.support.store_values import PLACE, TickingClock, answer_about
from tests.unit.training.chat_votes import UNKNOWN_TRACK, label, vote
from training import chat_labels
from training.__main__ import main
from training.errors import ChatLabelError
from training.identity import FINGERPRINT
from training.split import TEST_SHARE, Side, share_of
from training.tables import FEEDBACK


async def test_labels_are_read_from_the_bots_database_without_writing(
    address: str, tmp_path: Path
) -> None:
    await vote(address, UNKNOWN_TRACK, {"a": "folk", "b": "folk", "c": "jazz"})
    await vote(address, None, {"a": "rock"}, **dict.fromkeys(CORE, 0.5))
    before = (tmp_path / "soundslike.db").read_bytes()
    labels = read_chat_labels(address)
    assert [(label.track, label.genre, dict(label.voters)) for label in labels] == [
        (UNKNOWN_TRACK, "folk", {"folk": 2, "jazz": 1}),
        ("title - artist", "rock", {"rock": 1}),
    ]
    assert labels[0].features == VALUES
    assert set(labels[1].features) == set(CORE)
    assert read_chat_labels(address.replace("+aiosqlite", "")) == labels
    assert (tmp_path / "soundslike.db").read_bytes() == before


async def test_database_can_be_read_while_the_bot_has_it_open(address: str) -> None:
    await vote(address, UNKNOWN_TRACK, {"a": "folk"})
    async with open_database(address) as database:
        card = await SqlPredictionStore(database, TickingClock()).add(
            answer_about(Track("x", "T", ())), PLACE
        )
        choice = Selection(card.id, VoteKind.CHOICE, "jazz")
        await SqlVoteStore(database, TickingClock()).change(
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
        ({"folk": 9, "jazz": 1}, "folk", MAX_WEIGHT),
        ({"folk": 2, "jazz": 1, "rock": 1}, "folk", 1),
        ({"folk": 2, "jazz": 2}, None, 1),
    ],
)
def test_label_is_the_majority_genre_weighted_by_agreement(
    voters: dict[str, int], genre: str | None, weight: int
) -> None:
    label = ChatLabel("x", voters, {})
    assert (label.genre, label.weight) == (genre, weight)


@given(st.dictionaries(st.sampled_from(WIDE), st.integers(1, 50), min_size=1))
def test_another_agreeing_vote_never_lowers_the_weight(voters: dict[str, int]) -> None:
    label = ChatLabel("x", voters, {})
    assert 1 <= label.weight <= MAX_WEIGHT
    if label.genre:
        more = ChatLabel("x", voters | {label.genre: voters[label.genre] + 1}, {})
        assert more.genre == label.genre
        assert more.weight >= label.weight


INSERT = "INSERT INTO feedback_labels VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
COLUMNS = ("view_version", "track", "genre", "voters", "all_voters", *NAMES)


@pytest.fixture
def made_up_view(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Return a database with the view's columns as a table, for invalid rows."""
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
def test_invalid_value_is_named(
    address: str, made_up_view: sqlite3.Connection, wrong: dict[str, Any], problem: str
) -> None:
    right = {"view_version": 1, "track": "x", "genre": "folk", "voters": 1, "all_voters": 1}
    values = list({**right, **VALUES, **wrong}.values())
    made_up_view.execute(INSERT, values)
    with pytest.raises(ChatLabelError, match=problem):
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
def test_unreadable_database_is_a_one_line_error(
    tmp_path: Path, address: str, problem: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "text.db").write_text("hello " * 1000)
    (tmp_path / "empty.db").write_bytes(b"")
    with pytest.raises(ChatLabelError, match=problem):
        read_chat_labels(address.format(tmp_path))
    assert not (tmp_path / "none.db").exists()
    assert main(["fit", "--feedback", address.format(tmp_path)]) == 1
    assert len(capsys.readouterr().err.strip().splitlines()) == 1


def test_invalid_port_is_a_one_line_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fit", "--feedback", "postgresql://u:secret@host:port/db"]) == 1
    error = capsys.readouterr().err
    assert "the address of the corrections cannot be used" in error
    assert error.count("\n") == 1
    assert "secret" not in error


def test_password_is_not_in_the_message() -> None:
    with pytest.raises(ChatLabelError) as raised:
        read_chat_labels("sqlite+aiosqlite://ann:secret@host/none.db")
    assert "secret" not in str(raised.value)


def copy_of(row: "pd.Series[Any]") -> dict[str, float]:
    """Return a row's feature values."""
    return {name: float(row[name]) for name in NAMES if not np.isnan(row[name])}


def reasons(rows: pd.DataFrame, *labels: ChatLabel, known: pd.DataFrame | None = None) -> list[str]:
    """Return the reasons why labels are left out."""
    return list(add_chat_labels(rows, labels, rows if known is None else known)[1].left_out)


def test_label_becomes_a_training_row(made_up: pd.DataFrame) -> None:
    found, report = add_chat_labels(
        made_up, [ChatLabel(UNKNOWN_TRACK, {"folk": 4}, VALUES)], made_up
    )
    pd.testing.assert_frame_equal(found[:-1][made_up.columns], made_up, check_dtype=False)
    added = found.iloc[-1]
    assert (added["table"], added["genre"], added["side"]) == (FEEDBACK, "folk", Side.TRAIN)
    assert (added["weight"], set(found["weight"][:-1])) == (4, {1})
    assert copy_of(added) == pytest.approx(VALUES)
    assert report.added == {"folk": 1}
    assert list(report.lines()) == ["feedback: 1 tracks added (1 folk)"]


def test_dataset_is_unchanged_without_labels(made_up: pd.DataFrame) -> None:
    found, report = add_chat_labels(made_up, [], made_up)
    pd.testing.assert_frame_equal(found[made_up.columns], made_up)
    assert list(report.lines()) == ["feedback: 0 tracks added"]


def test_track_of_the_test_side_is_left_out(made_up: pd.DataFrame) -> None:
    test = made_up[(made_up["side"] == Side.TEST) & (made_up["table"] == "billboard")].iloc[0]
    out = ["they are on the test side"]
    assert reasons(made_up, label(test["id"])) == out
    assert reasons(made_up, label(features=copy_of(test))) == out
    train = made_up[(made_up["side"] == Side.TRAIN) & (made_up["table"] == "billboard")].iloc[0]
    assert reasons(made_up, label(train["id"], copy_of(train))) == []


def test_ids_of_tables_without_spotify_ids_are_not_compared(made_up: pd.DataFrame) -> None:
    fma = made_up[(made_up["side"] == Side.TEST) & (made_up["table"] == "fma")].iloc[0]
    assert reasons(made_up, label(fma["id"])) == []


def test_track_by_an_artist_of_the_test_side_is_left_out(made_up: pd.DataFrame) -> None:
    names = [f"artist {number}" for number in range(50)]
    tested = next(name for name in names if share_of(name) < TEST_SHARE)
    trained = next(name for name in names if share_of(name) >= TEST_SHARE)
    assert reasons(made_up, label(f"new song - {tested}, guest")) == ["they are on the test side"]
    assert reasons(made_up, label(f"new song - {trained}")) == []


def test_held_out_songs_are_left_out(made_up: pd.DataFrame) -> None:
    out = ["they are held-out songs"]
    assert reasons(made_up, label(OLD_TOWN_ROAD)) == out
    assert reasons(made_up, label("so what - remastered - miles davis")) == out
    queen = made_up.iloc[[0]].assign(
        table="playlists", artist="Queen", title="Bohemian Rhapsody - Live", id="another"
    )
    known = pd.concat([made_up, queen], ignore_index=True)
    assert reasons(made_up, label("another"), known=known) == out
    assert reasons(made_up, label(features=copy_of(queen.iloc[0])), known=known) == out


def test_sound_files_are_left_out_whatever_is_known_of_them(made_up: pd.DataFrame) -> None:
    out = ["they are sound files"]
    key = Track(title="Your sound file", sound_id="0" * 32).key
    assert reasons(made_up, label(key)) == out
    assert reasons(made_up, label(key, {})) == out
    assert reasons(made_up, label("soundtrack - someone")) == []


def test_ties_and_missing_features_are_left_out(made_up: pd.DataFrame) -> None:
    tie = ChatLabel("a", {"folk": 1, "jazz": 1}, VALUES)
    few = ChatLabel("b", {"folk": 1}, {name: 0.5 for name in CORE if name != FINGERPRINT[0]})
    found, report = add_chat_labels(made_up, [tie, few, few], made_up)
    assert len(found) == len(made_up)
    assert report.left_out == {"features are missing": 2, "two genres are tied": 1}
    assert "feedback: 2 tracks stay out: features are missing" in report.lines()


def test_bot_and_training_have_the_same_view_version() -> None:
    assert chat_labels.VIEW_VERSION == VIEW_VERSION
    assert set(chat_labels.VIEW.c.keys()) <= set(feedback_labels.c.keys())
