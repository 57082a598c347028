"""Votes on songs that the bot heard, as examples for the head.

Their sound is the embedding that is stored with an answer about the track. Of files that people
send in chats no embedding is stored, so that votes on them are never read. A label's genre and
weight are those of `training.feedback.agreement`; one vote makes a label.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import JSON, RowMapping, column, select, table

from model.sound import embedding
from model.sound.front_end import Floats
from model.sound.heard import Heard
from model.sound.networks import EMBEDDING_SIZE
from training.errors import ChatLabelError
from training.feedback.agreement import agree
from training.feedback.database import read_rows
from training.feedback.reading import VIEW, read
from training.feedback.votes import AgreedLabel

PREDICTIONS: Final = table(
    "predictions",
    column("id"),
    column("track_key"),
    column("heard", JSON(none_as_null=True)),
)


@dataclass(frozen=True, slots=True)
class HeardVote:
    """A song that was heard and voted on.

    Attributes:
        genre: The genre that people agree on.
        weight: Weight of the label, relative to a labelled file.
        artist: Its first artist; empty if it is not known.
        embedding: float32 [EMBEDDING_SIZE].
    """

    genre: str
    weight: float
    artist: str
    embedding: Floats


def read_heard_votes(
    address: str, versions: Collection[str], *, public: bool = False
) -> tuple[list[HeardVote], Mapping[str, int]]:
    """Return the songs with votes in the bot's database that were heard.

    Args:
        address: Its SQLAlchemy URL.
        versions: Versions of the tagger whose embeddings are those of the current one.
        public: Whether votes by visitors of a public page are read.

    Returns:
        The songs, and the number of songs that are left out by reason.

    Raises:
        ChatLabelError: The database cannot be read, or a value is invalid.
    """
    votes = read(address, public=public, sounds=True).votes
    labels: dict[str, AgreedLabel | None] = dict.fromkeys(vote.track for vote in votes)
    labels |= {label.track: label for label in agree(votes, least_voters=1).labels}
    statement = (
        select(PREDICTIONS)
        .where(PREDICTIONS.c.track_key.in_(select(VIEW.c.track)))
        .where(PREDICTIONS.c.heard.is_not(None))
        .order_by(PREDICTIONS.c.id)
    )
    newest: dict[str, Heard] = {}
    for row in read_rows(address, statement):
        heard = _heard(row)
        if heard.embedding and row["track_key"] in labels:
            newest[row["track_key"]] = heard
    found, left_out = [], Counter[str]()
    for track, heard in newest.items():
        label = labels[track]
        if label is None:
            left_out["people do not agree"] += 1
        elif heard.model_version not in versions:
            left_out["another tagger heard them"] += 1
        else:
            found.append(_vote(label, heard))
    return found, left_out


def _vote(label: AgreedLabel, heard: Heard) -> HeardVote:
    artist = label.artists[0] if label.artists else ""
    try:
        values = embedding.from_bytes(heard.embedding)
    except ValueError as error:
        raise ChatLabelError(f"predictions, track {label.track}: {error}") from error
    if len(values) != EMBEDDING_SIZE:
        raise ChatLabelError(f"predictions, track {label.track}: an embedding of another size")
    return HeardVote(label.genre, label.weight, artist, values)


def _heard(row: RowMapping) -> Heard:
    try:
        return Heard.from_dict(row["heard"])
    except (ValueError, KeyError, TypeError) as error:
        raise ChatLabelError(f"predictions, row {row['id']}: heard: {error!r}") from error
