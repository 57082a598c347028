"""Agreed labels become training rows; reading votes ends in words where it cannot go on."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from bot.domain.tracks import Track
from bot.domain.votes import Selection, VoteKind, changes_for
from bot.storage.engine import open_database
from bot.storage.predictions import SqlPredictionStore
from bot.storage.votes import SqlVoteStore
from model.schema import CORE, NAMES
from tests.support.factories import OLD_TOWN_ROAD, VALUES
from tests.support.store_values import PLACE, TickingClock, answer_about
from tests.unit.training.chat_votes import UNKNOWN_TRACK, label, vote
from training.__main__ import main
from training.errors import ChatLabelError
from training.feedback.reading import Exclusion, read, read_votes
from training.feedback.training_rows import add_labels
from training.feedback.votes import AgreedLabel
from training.identity import FINGERPRINT
from training.split import TEST_SHARE, Side, share_of
from training.tables import FEEDBACK


async def test_votes_are_read_from_the_bots_database_without_writing(
    address: str, tmp_path: Path
) -> None:
    await vote(address, UNKNOWN_TRACK, {"a": "folk", "b": "folk", "c": "jazz"})
    await vote(address, None, {"a": "rock"}, **dict.fromkeys(CORE, 0.5))
    before = (tmp_path / "soundslike.db").read_bytes()
    votes = read_votes(address)
    assert {(vote.track, vote.voter, vote.genre) for vote in votes} == {
        (UNKNOWN_TRACK, "a", "folk"),
        (UNKNOWN_TRACK, "b", "folk"),
        (UNKNOWN_TRACK, "c", "jazz"),
        ("title - artist", "a", "rock"),
    }
    features = {vote.track: vote.features for vote in votes}
    assert features[UNKNOWN_TRACK] == VALUES
    assert set(features["title - artist"]) == set(CORE)
    assert read_votes(address.replace("+aiosqlite", "")) == votes
    assert read_votes(str(tmp_path / "soundslike.db")) == votes
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
        assert {vote.genre for vote in read_votes(address)} == {"folk", "jazz"}


GOOD_ROW = {
    "view_version": 1,
    "voter": "a",
    "track": "t",
    "genre": "folk",
    "shown": "pop",
    "about": '{"title": "T", "artists": ["A"]}',
    "platform": "discord",
    "workspace": "1",
    "at": "2026-01-01 00:00:00.000000",
    **VALUES,
}


@pytest.fixture
def made_up_view(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Return a database with the view's columns as a table, for rows that the bot never writes."""
    columns = ", ".join(f'"{name}"' for name in GOOD_ROW)
    with closing(sqlite3.connect(tmp_path / "made-up.db", isolation_level=None)) as connection:
        connection.execute(f"CREATE TABLE feedback_votes ({columns})")
        yield connection


def insert(connection: sqlite3.Connection, **values: object) -> None:
    row = list((GOOD_ROW | values).values())
    marks = ", ".join("?" * len(row))
    connection.execute(f"INSERT INTO feedback_votes VALUES ({marks})", row)  # noqa: S608


def test_another_version_of_the_view_is_refused(
    tmp_path: Path, made_up_view: sqlite3.Connection
) -> None:
    insert(made_up_view, view_version=2)
    with pytest.raises(ChatLabelError, match="has version 2; this code reads version 1"):
        read_votes(str(tmp_path / "made-up.db"))


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"about": "{"}, "what is stored of the track cannot be read"),
        ({"about": "[" * 100_000}, "what is stored of the track cannot be read"),
        ({"about": "null"}, "what is stored of the track cannot be read"),
        ({"about": '{"artists": "A"}'}, "what is stored of the track cannot be read"),
        ({"about": '{"artists": [1]}'}, "what is stored of the track cannot be read"),
        ({"at": "yesterday"}, "their time cannot be read"),
        ({"at": "0001-01-01 00:00:00+14:00"}, "their time cannot be read"),
        ({"at": "2999-01-01 00:00:00"}, "their time is in the future"),
        ({"genre": None}, "their genre is not one of the model's"),
        ({"tempo": "fast"}, "a feature has an impossible value"),
        ({"energy": float("inf")}, "a feature has an impossible value"),
    ],
)
def test_a_row_that_cannot_be_used_does_not_stop_the_others(
    tmp_path: Path, made_up_view: sqlite3.Connection, wrong: dict[str, object], reason: str
) -> None:
    insert(made_up_view, **wrong)
    insert(made_up_view, voter="b")
    found = read(str(tmp_path / "made-up.db"))
    assert [(vote.voter, vote.title, vote.artists) for vote in found.votes] == [("b", "T", ("A",))]
    assert found.left_out == {reason: 1}


@pytest.mark.parametrize(
    ("values", "is_newest"),
    [
        ({}, True),
        ({"track": "sound:1"}, True),
        ({"genre": "polka"}, True),
        ({"platform": "web", "workspace": "public"}, False),
        ({"workspace": "excluded"}, False),
        ({"at": "2999-01-01 00:00:00"}, False),
    ],
    ids=["used", "sound file", "no genre", "public", "excluded", "future"],
)
def test_newest_vote_is_one_that_was_looked_at(
    address: str,
    made_up_view: sqlite3.Connection,
    values: dict[str, object],
    is_newest: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    exclusion = Exclusion(workspaces=frozenset({"discord:excluded"}))
    assert read(address, exclusion).newest is None
    insert(made_up_view)
    insert(made_up_view, **({"at": "2026-01-02 00:00:00.000000"} | values))
    assert read(address, exclusion).newest == datetime(2026, 1, 2 if is_newest else 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("sqlite+aiosqlite:///{}/none.db", "none.db.* cannot be read: unable to open"),
        ("sqlite:///{}/text.db", "cannot be read: file is not a database"),
        ("sqlite:///{}/empty.db", "no such table: feedback_votes"),
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
        read_votes(address.format(tmp_path))
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
        read_votes("sqlite+aiosqlite://ann:secret@host/none.db")
    assert "secret" not in str(raised.value)


def copy_of(row: "pd.Series[Any]") -> dict[str, float]:
    """Return a row's feature values."""
    return {name: float(row[name]) for name in NAMES if not np.isnan(row[name])}


def reasons(
    rows: pd.DataFrame, *labels: AgreedLabel, known: pd.DataFrame | None = None
) -> list[str]:
    """Return the reasons why labels are left out."""
    return list(add_labels(rows, labels, rows if known is None else known)[1].left_out)


def test_label_becomes_a_training_row(made_up: pd.DataFrame) -> None:
    found, report = add_labels(made_up, [label(genre="folk", weight=2.5)], made_up)
    pd.testing.assert_frame_equal(found[:-1][made_up.columns], made_up, check_dtype=False)
    added = found.iloc[-1]
    assert (added["table"], added["genre"], added["side"]) == (FEEDBACK, "folk", Side.TRAIN)
    assert (added["weight"], set(found["weight"][:-1])) == (2.5, {1})
    assert copy_of(added) == pytest.approx(VALUES)
    assert report.added == {"folk": 1}
    assert list(report.lines()) == ["feedback: 1 tracks added (1 folk)"]


def test_dataset_is_unchanged_without_labels(made_up: pd.DataFrame) -> None:
    found, report = add_labels(made_up, [], made_up)
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
    for track in ("new song", UNKNOWN_TRACK):
        song = label(track, title="New song", artists=(f"{tested} & Guest", "Guest"))
        assert reasons(made_up, song) == ["they are on the test side"]
        assert reasons(made_up, label(track, title="New song", artists=(trained,))) == []


def test_held_out_songs_are_left_out(made_up: pd.DataFrame) -> None:
    out = ["they are held-out songs"]
    assert reasons(made_up, label(OLD_TOWN_ROAD)) == out
    assert (
        reasons(made_up, label("so what", title="So What - Remastered", artists=("Miles Davis",)))
        == out
    )
    queen = made_up.iloc[[0]].assign(
        table="playlists", artist="Queen", title="Bohemian Rhapsody - Live", id="another"
    )
    known = pd.concat([made_up, queen], ignore_index=True)
    assert reasons(made_up, label("another"), known=known) == out
    assert reasons(made_up, label(features=copy_of(queen.iloc[0])), known=known) == out


def test_missing_features_are_left_out(made_up: pd.DataFrame) -> None:
    few = label("b", {name: 0.5 for name in CORE if name != FINGERPRINT[0]})
    found, report = add_labels(made_up, [few, few], made_up)
    assert len(found) == len(made_up)
    assert report.left_out == {"features are missing": 2}
    assert "feedback: 2 tracks stay out: features are missing" in report.lines()
