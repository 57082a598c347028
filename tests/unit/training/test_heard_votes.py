"""Votes on songs that the bot heard are read from its database."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.domain.tracks import Track
from bot.domain.votes import Selection, VoteKind, changes_for
from bot.platforms.web.ids import PUBLIC_PLACE
from bot.storage.engine import open_database
from bot.storage.predictions import SqlPredictionStore
from bot.storage.votes import SqlVoteStore
from model.sound import embedding
from model.sound.networks import EMBEDDING_SIZE
from tests.support.factories import answer, sound_answer
from tests.support.fake_listener import heard
from tests.support.store_values import TickingClock
from tests.unit.training.chat_votes import vote_on
from training.errors import ChatLabelError
from training.feedback.agreement import MAX_WEIGHT
from training.sound.heard_votes import read_heard_votes

VERSIONS = {"1"}
VALUES = embedding.from_bytes(
    embedding.to_bytes(np.linspace(-1, 2, EMBEDDING_SIZE, dtype=np.float32))
)
STORED = embedding.to_bytes(VALUES)
OWN_FILE = Track(title="Song", artists=("Band", "Guest"), sound_id="a" * 32)


async def test_votes_on_a_file_of_ones_own_have_its_embedding(address: str) -> None:
    votes = {"a": "folk", "b": "folk", "c": "folk", "d": "jazz"}
    await vote_on(address, sound_answer(OWN_FILE, embedding=STORED), votes=votes)
    (vote,), left_out = read_heard_votes(address, VERSIONS)
    assert (vote.genre, vote.artist) == ("folk", "Band")
    assert 1 < vote.weight <= MAX_WEIGHT
    assert np.array_equal(vote.embedding, VALUES)
    assert left_out == {}


async def test_a_file_in_a_chat_never_trains(address: str) -> None:
    chat = sound_answer(embedding=STORED)
    assert chat.heard is not None
    stored = replace(chat, heard=chat.heard.without_content())
    await vote_on(address, stored, votes={"a": "folk"})
    assert read_heard_votes(address, VERSIONS) == ([], {})


async def test_songs_without_votes_and_songs_not_heard_are_not_read(address: str) -> None:
    await vote_on(address, sound_answer(OWN_FILE, embedding=STORED), votes={})
    await vote_on(address, answer(), votes={"a": "folk"})
    assert read_heard_votes(address, VERSIONS) == ([], {})


async def test_the_newest_embedding_of_a_song_counts(address: str) -> None:
    song = Track("5CQ30WqJwcep0pYcV4AMNc", "Title", ("Band",))
    older, newer = (heard(embedding=embedding.to_bytes(VALUES + by)) for by in (1, 2))
    answers = [answer(subject=song, heard=one) for one in (older, newer, None)]
    await vote_on(address, *answers, votes={"a": "latin"})
    (vote,), _ = read_heard_votes(address, VERSIONS)
    assert vote.genre == "latin"
    assert np.abs(vote.embedding - (VALUES + 2)).max() < 0.02


async def test_ties_and_other_taggers_are_left_out(address: str) -> None:
    await vote_on(
        address, sound_answer(OWN_FILE, embedding=STORED), votes={"a": "folk", "b": "jazz"}
    )
    other = Track(title="Other", sound_id="b" * 32)
    old = sound_answer(other, embedding=STORED, model_version="0")
    await vote_on(address, old, votes={"a": "folk"})
    votes, left_out = read_heard_votes(address, VERSIONS)
    assert votes == []
    assert left_out == {"people do not agree": 1, "another tagger heard them": 1}


@pytest.mark.parametrize(
    "damage",
    [
        {"embedding": "AAAA"},
        {"embedding": "AAAAAAAAAAAAAAAA"},
        {"verdict": "certain"},
        {"no_music": "birds"},
    ],
    ids=["short", "size", "verdict", "no music"],
)
async def test_invalid_values_are_an_error(
    address: str, tmp_path: Path, damage: dict[str, Any]
) -> None:
    await vote_on(address, sound_answer(OWN_FILE, embedding=STORED), votes={"a": "folk"})
    with closing(sqlite3.connect(tmp_path / "soundslike.db")) as database, database:
        for name, value in damage.items():
            database.execute(
                "UPDATE predictions SET heard = json_set(heard, ?, ?)", (f"$.{name}", value)
            )
    with pytest.raises(ChatLabelError, match="predictions"):
        read_heard_votes(address, VERSIONS)


async def test_what_the_features_alone_say_is_no_part_of_what_was_heard(address: str) -> None:
    both = replace(sound_answer(OWN_FILE, embedding=STORED), by_numbers=("rock",))
    await vote_on(address, both, votes={"a": "folk"})
    votes, left_out = read_heard_votes(address, VERSIONS)
    assert len(votes) == 1
    assert left_out == {}


async def test_votes_of_a_public_page_train_only_if_asked_for(address: str) -> None:
    async with open_database(address) as database:
        predictions = SqlPredictionStore(database, TickingClock())
        card = await predictions.add(sound_answer(OWN_FILE, embedding=STORED), PUBLIC_PLACE)
        folk = Selection(card.id, VoteKind.CHOICE, "folk")
        change = partial(changes_for, selection=folk, added=True)
        await SqlVoteStore(database, TickingClock()).change(card.id, "a", change)
    assert read_heard_votes(address, VERSIONS) == ([], {})
    votes, _ = read_heard_votes(address, VERSIONS, public=True)
    assert len(votes) == 1
