"""Votes on songs that the bot heard, as examples for the head.

Their sound is the embedding that is stored with an answer about the track. Of files that people
send in chats no embedding is stored, so that votes on them are never read. A label's genre and
weight are those of `training.chat_labels`.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import JSON, RowMapping, column, select, table

from model.sound import embedding
from model.sound.front_end import Floats
from model.sound.heard import Heard
from model.sound.networks import EMBEDDING_SIZE
from training import chat_labels
from training.chat_labels import VIEW, ChatLabel
from training.errors import ChatLabelError

PREDICTIONS: Final = table(
    "predictions",
    column("id"),
    column("track_key"),
    column("track", JSON),
    column("heard", JSON(none_as_null=True)),
)


@dataclass(frozen=True, slots=True)
class HeardVote:
    """A song that was heard and voted on.

    Attributes:
        genre: The genre with most votes.
        weight: Weight of the label, relative to a labelled file.
        artist: Its first artist; empty if it is not known.
        embedding: float32 [EMBEDDING_SIZE].
    """

    genre: str
    weight: int
    artist: str
    embedding: Floats


def read_heard_votes(
    address: str, versions: Collection[str]
) -> tuple[list[HeardVote], Mapping[str, int]]:
    """Return the songs with votes in the bot's database that were heard.

    Args:
        address: Its SQLAlchemy URL.
        versions: Versions of the tagger whose embeddings are those of the current one.

    Returns:
        The songs, and the number of songs that are left out by reason.

    Raises:
        ChatLabelError: The database cannot be read, or a value is invalid.
    """
    labels = {label.track: label for label in chat_labels.read_chat_labels(address)}
    statement = (
        select(PREDICTIONS)
        .where(PREDICTIONS.c.track_key.in_(select(VIEW.c.track)))
        .where(PREDICTIONS.c.heard.is_not(None))
        .order_by(PREDICTIONS.c.id)
    )
    newest: dict[str, tuple[Heard, Mapping[str, Any]]] = {}
    for row in chat_labels.read_rows(address, statement):
        heard = _heard(row)
        if heard.embedding and row["track_key"] in labels:
            newest[row["track_key"]] = heard, row["track"]
    found, left_out = [], Counter[str]()
    for track, (heard, about) in newest.items():
        label = labels[track]
        if label.genre is None:
            left_out["two genres are tied"] += 1
        elif heard.model_version not in versions:
            left_out["another tagger heard them"] += 1
        else:
            found.append(_vote(label, label.genre, heard, about))
    return found, left_out


def _vote(label: ChatLabel, genre: str, heard: Heard, track: Mapping[str, Any]) -> HeardVote:
    artists = track.get("artists") or [""]
    try:
        values = embedding.from_bytes(heard.embedding)
    except ValueError as error:
        raise ChatLabelError(f"predictions, track {label.track}: {error}") from error
    if len(values) != EMBEDDING_SIZE:
        raise ChatLabelError(f"predictions, track {label.track}: an embedding of another size")
    return HeardVote(genre, label.weight, str(artists[0]), values)


def _heard(row: RowMapping) -> Heard:
    try:
        return Heard.from_dict(row["heard"])
    except (ValueError, KeyError, TypeError) as error:
        raise ChatLabelError(f"predictions, row {row['id']}: heard: {error!r}") from error
