"""Labels from the chat as training rows, read from the view `feedback_labels`.

A label counts like the opinion of independent sources on an artist (`training.annotators`), times
its weight. The genre of a track is the one with most votes, none in a tie. Its weight is votes for
the genre squared, divided by all votes, rounded and limited to 1 to `MAX_WEIGHT`: the number of
voters who agree, times their share. A single vote weighs as much as a row of a table.

The view holds no data about people. It identifies a track by its Spotify id, or by title and artist
if it has none. Tracks of the test side and held-out songs are left out; they are recognised by id,
name and feature values. A song that is in no table, by an artist of the test side, is not
recognised if it has an id, because the view then has no artist. Sound files are left out: of
those that people send in chats nothing is kept.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import nan
from typing import Any, Final
from urllib.parse import quote

import pandas as pd
from sqlalchemy import (
    URL,
    NullPool,
    RowMapping,
    Select,
    column,
    create_engine,
    make_url,
    select,
    table,
)
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from model.addresses import check_server, sqlite_path
from model.errors import BadValue
from model.genres import WIDE
from model.schema import INPUT_NAMES, NAMES, read_all
from training.errors import ChatLabelError
from training.held_out_songs import is_held_out, load_held_out_songs
from training.identity import FINGERPRINT, fingerprints, keyed, lead_artist_key
from training.split import TEST_SHARE, Side, share_of
from training.tables import FEEDBACK, SPOTIFY_TABLES

VIEW_VERSION: Final = 1
"""The version of the view that this code reads."""

MAX_WEIGHT: Final = 5

SOUND_KEY: Final = "sound:"
"""Prefix of the keys of sound files, among them those that people sent in chats."""

VIEW: Final = table(
    "feedback_labels",
    *(column(name) for name in ("view_version", "track", "genre", "voters", "all_voters", *NAMES)),
)

SYNC_DRIVERS: Final = {
    "sqlite+aiosqlite": "sqlite",
    "postgresql+asyncpg": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
}
"""Synchronous database driver for each of the bot's asynchronous drivers."""

TEXTS: Final = (
    *("table", "id", "artist", "title", "upload", "collection", "recording"),
    *("genre", "annotator", "label", "artist_genre"),
)
"""Columns of type str."""


@dataclass(frozen=True, slots=True)
class ChatLabel:
    """The votes for a track: its key, number of voters for each genre, and feature values."""

    track: str
    voters: Mapping[str, int]
    features: Mapping[str, float]

    @property
    def genre(self) -> str | None:
        """The genre with most votes; None in a tie."""
        (first, count), *others = Counter(self.voters).most_common(2)
        return None if others and others[0][1] == count else first

    @property
    def weight(self) -> int:
        """Weight of the label, relative to a row of a table."""
        agreeing = max(self.voters.values())
        return min(max(round(agreeing**2 / sum(self.voters.values())), 1), MAX_WEIGHT)


@dataclass(frozen=True, slots=True)
class LabelReport:
    """Number of labels added to the dataset, by genre, and of those left out, by reason."""

    added: Mapping[str, int]
    left_out: Mapping[str, int]

    def lines(self) -> Iterator[str]:
        """Yield the report as lines for the command line."""
        genres = ", ".join(f"{count} {genre}" for genre, count in self.added.items())
        yield f"feedback: {sum(self.added.values())} tracks added" + (genres and f" ({genres})")
        for reason, count in self.left_out.items():
            yield f"feedback: {count} tracks stay out: {reason}"


def read_chat_labels(address: str) -> list[ChatLabel]:
    """Read all labels from the bot's database, given its SQLAlchemy URL, without writing to it.

    Raises ChatLabelError: the database or view cannot be read, the view has another version, or a
    value is invalid.
    """
    rows = read_rows(address, select(VIEW).order_by(VIEW.c.track))
    return [_label(track, list(own)) for track, own in groupby(rows, lambda row: row["track"])]


def read_rows(address: str, statement: Select[Any]) -> Sequence[RowMapping]:
    """Return what a statement selects in the bot's database; raises ChatLabelError."""
    try:
        path = sqlite_path(address)
        if path is None:
            check_server(address)
        url = URL.create("sqlite", database=path) if path else make_url(address)
        engine = create_engine(_read_only(url), poolclass=NullPool, hide_parameters=True)
        with engine.connect() as connection:
            return connection.execute(statement).mappings().all()
    except (ArgumentError, ImportError, ValueError) as error:  # ValueError: invalid port
        raise ChatLabelError(f"the address of the corrections cannot be used: {error}") from error
    except SQLAlchemyError as error:
        reason = getattr(error, "orig", None) or error
        place = URL.create(url.drivername, host=url.host, port=url.port, database=url.database)
        raise ChatLabelError(f"the corrections in {place} cannot be read: {reason}") from error


def add_chat_labels(
    rows: pd.DataFrame, labels: Sequence[ChatLabel], known: pd.DataFrame
) -> tuple[pd.DataFrame, LabelReport]:
    """Return the dataset with labels on its training side and a column `weight`, and a report.

    `known` are the rows of the tables as loaded, held-out songs included.
    """
    known = known.dropna(subset=list(FINGERPRINT))
    known = known.assign(recording=fingerprints(known))
    labelled = _frame(labels, known)
    reason = _exclusion_reasons(labelled, rows, known)
    added = labelled[reason == ""]
    everything = pd.concat([rows.assign(weight=1), added], ignore_index=True)
    return everything, LabelReport(_counts(added["genre"]), _counts(reason[reason != ""]))


def _read_only(url: URL) -> URL:
    """Return the URL with a synchronous driver; an SQLite file is neither created nor written."""
    url = url.set(drivername=SYNC_DRIVERS.get(url.drivername, url.drivername))
    if url.get_backend_name() != "sqlite":
        return url
    file = f"file:{quote(url.database or '')}"
    return url.set(database=file, query={**url.query, "mode": "ro", "uri": "true"})


def _label(track: str, rows: Sequence[RowMapping]) -> ChatLabel:
    for row in rows:
        if row["view_version"] != VIEW_VERSION:
            raise ChatLabelError(
                f"the view feedback_labels has version {row['view_version']}; "
                f"this code reads version {VIEW_VERSION}"
            )
        if row["genre"] not in WIDE:
            raise ChatLabelError(f"feedback_labels, track {track}: no genre {row['genre']!r}")
    try:
        features = read_all(rows[0])
    except BadValue as error:
        raise ChatLabelError(f"feedback_labels, track {track}: {error}") from error
    return ChatLabel(track, {row["genre"]: row["voters"] for row in rows}, features)


def _frame(labels: Sequence[ChatLabel], known: pd.DataFrame) -> pd.DataFrame:
    """Return labels as rows of the dataset with a weight; the genre is "" in a tie."""
    of_id = known[known["table"].isin(SPOTIFY_TABLES)].drop_duplicates("id")
    named = {one.id: (one.artist, one.title) for one in of_id.itertuples()}
    names = [named.get(label.track) or _names(label.track) for label in labels]
    genres = [label.genre or "" for label in labels]
    columns: dict[str, Any] = {
        "table": FEEDBACK,
        "line": 0,
        "id": [label.track for label in labels],
        "artist": [artist for artist, _ in names],
        "title": [title for _, title in names],
        "year": nan,
        **dict.fromkeys(("upload", "collection", "label", "artist_genre"), ""),
        "raw_labels": [(genre,) for genre in genres],
        **{name: [label.features.get(name) for label in labels] for name in NAMES},
        "genre": genres,
        "annotator": FEEDBACK,
        "artist_shares": [{genre: 1.0} if genre else None for genre in genres],
        "side": Side.TRAIN,
        "weight": [label.weight for label in labels],
    }
    features = dict.fromkeys(INPUT_NAMES, "float64")
    kinds = {**features, **dict.fromkeys(TEXTS, "str"), "weight": "int64"}
    rows = pd.DataFrame(columns, index=range(len(labels)))
    return rows.assign(recording=fingerprints(rows.astype(features))).astype(kinds)


def _names(track: str) -> tuple[str, str]:
    """Return artist and title of a key "title - artist, artist"; empty for a key that is an id."""
    title, _, artists = track.rpartition(" - ")
    return (artists.split(", ")[0], title) if title else ("", "")


def _exclusion_reasons(
    labelled: pd.DataFrame, rows: pd.DataFrame, known: pd.DataFrame
) -> "pd.Series[str]":
    """Return the reason to leave out each label; "" for those to add."""
    held_out = is_held_out(pd.concat([known, labelled], ignore_index=True))[len(known) :]
    held_out_ids = [song.id for song in load_held_out_songs().songs if song.id]
    excluded = rows[rows["side"] != Side.TRAIN]
    artist = keyed(labelled["artist"], lead_artist_key)
    tested = (
        labelled["recording"].isin(set(excluded["recording"]))
        | labelled["id"].isin(set(excluded.loc[excluded["table"].isin(SPOTIFY_TABLES), "id"]))
        | ((artist != "") & (artist.map(share_of) < TEST_SHARE))
    )
    reason = pd.Series("", labelled.index, dtype="str")
    reason = reason.mask(tested, "they are on the test side")
    reason = reason.mask(labelled[list(FINGERPRINT)].isna().any(axis=1), "features are missing")
    reason = reason.mask(labelled["genre"] == "", "two genres are tied")
    is_file = labelled["id"].str.startswith(SOUND_KEY)
    reason = reason.mask(is_file, "they are sound files")
    is_held_out_song = held_out.to_numpy() | labelled["id"].isin(held_out_ids)
    return reason.mask(is_held_out_song, "they are held-out songs")


def _counts(values: "pd.Series[str]") -> dict[str, int]:
    return {str(value): int(count) for value, count in values.value_counts().items()}
