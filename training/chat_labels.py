"""The chat's corrections as training rows, read through the view `feedback_labels` alone.

A track gets the genre that most people chose; where two share the lead it gets none. Its weight is
voters x voters / all voters, rounded, from 1 to `MOST_WEIGHT`: those who agree, times their share
of all who voted. One person alone weighs as much as a row of a table.

The view knows no person. It names a track by its Spotify id, or by title and artist where it has
none. Tracks of the test side and the famous songs stay out, recognised by id, by name and by their
feature values. What cannot be recognised is a new song by an artist of the test side: no table has
it, and the view says no artist beside an id.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final
from urllib.parse import quote

import pandas as pd
from sqlalchemy import URL, NullPool, RowMapping, column, create_engine, make_url, select, table
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from model.errors import BadValue
from model.genres import WIDE
from model.schema import NAMES, read_all
from training.errors import FeedbackError
from training.held_out_songs import is_held_out, load_held_out_songs
from training.identity import FINGERPRINT, artist_key, fingerprints, keyed
from training.split import TEST_SHARE, Side, share_of
from training.tables import FEEDBACK, TABLES

VIEW_VERSION: Final = 1
"""The only version of the view that this code can read."""

MOST_WEIGHT: Final = 5

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
"""The bot's driver is asynchronous; a training run needs one that waits."""

TEXTS: Final = ("table", "id", "artist", "title", "year", "upload", "genre", "shelf")

WITH_IDS: Final = tuple(table.name for table in TABLES if table.spotify_ids)


@dataclass(frozen=True, slots=True)
class ChatLabel:
    """What people chose for a track: `voters` counts them by genre."""

    track: str
    voters: Mapping[str, int]
    features: Mapping[str, float]

    @property
    def genre(self) -> str | None:
        """The genre that most people chose, None where two share the lead."""
        (first, most), *others = Counter(self.voters).most_common(2)
        return None if others and others[0][1] == most else first

    @property
    def weight(self) -> int:
        """How many rows of a table the label weighs as much as."""
        most = max(self.voters.values())
        return min(max(round(most * most / sum(self.voters.values())), 1), MOST_WEIGHT)


@dataclass(frozen=True, slots=True)
class LabelReport:
    """What became of the corrected tracks: counts of those added, by genre, and not, by reason."""

    added: Mapping[str, int]
    left_out: Mapping[str, int]

    def lines(self) -> Iterator[str]:
        """Say it."""
        genres = ", ".join(f"{count} {genre}" for genre, count in self.added.items())
        yield f"feedback: {sum(self.added.values())} tracks added" + (genres and f" ({genres})")
        for reason, count in self.left_out.items():
            yield f"feedback: {count} tracks stay out: {reason}"


def read_chat_labels(address: str) -> list[ChatLabel]:
    """Read all labels from the bot's database, an SQLAlchemy address; nothing is written there.

    Raises FeedbackError: no database, no view, another version of it, or a value that cannot be.
    """
    try:
        url = make_url(address)
        engine = create_engine(_read_only(url), poolclass=NullPool, hide_parameters=True)
        with engine.connect() as connection:
            rows = connection.execute(select(VIEW).order_by(VIEW.c.track)).mappings().all()
    except (ArgumentError, ImportError, ValueError) as error:  # ValueError: a port is no number
        raise FeedbackError(f"the address of the corrections cannot be used: {error}") from error
    except SQLAlchemyError as error:
        why = getattr(error, "orig", None) or error
        raise FeedbackError(f"the corrections in {url!r} cannot be read: {why}") from error
    return [_label(track, list(own)) for track, own in groupby(rows, lambda row: row["track"])]


def add_chat_labels(
    rows: pd.DataFrame, labels: Sequence[ChatLabel], known: pd.DataFrame
) -> tuple[pd.DataFrame, LabelReport]:
    """Return prepared `rows` with the labels added to the training side, and what became of each.

    `known` are the tables' rows as they were loaded, the famous songs among them.
    """
    known = known.dropna(subset=list(FINGERPRINT))
    corrected = _frame(labels, known)
    reason = _reason_against(corrected, rows, known)
    added = corrected[reason == ""]
    everything = pd.concat([rows.assign(weight=1), added], ignore_index=True)
    return everything, LabelReport(_counted(added["genre"]), _counted(reason[reason != ""]))


def _read_only(url: URL) -> URL:
    """Return the address for a driver that waits; a SQLite file is neither made nor written."""
    url = url.set(drivername=SYNC_DRIVERS.get(url.drivername, url.drivername))
    if url.get_backend_name() != "sqlite":
        return url
    file = f"file:{quote(url.database or '')}"
    return url.set(database=file, query={**url.query, "mode": "ro", "uri": "true"})


def _label(track: str, rows: Sequence[RowMapping]) -> ChatLabel:
    for row in rows:
        if row["view_version"] != VIEW_VERSION:
            raise FeedbackError(
                f"the view feedback_labels has version {row['view_version']}; "
                f"this code reads version {VIEW_VERSION}"
            )
        if row["genre"] not in WIDE:
            raise FeedbackError(f"feedback_labels, track {track}: no genre {row['genre']!r}")
    try:
        features = read_all(rows[0])
    except BadValue as error:
        raise FeedbackError(f"feedback_labels, track {track}: {error}") from error
    return ChatLabel(track, {row["genre"]: row["voters"] for row in rows}, features)


def _frame(labels: Sequence[ChatLabel], known: pd.DataFrame) -> pd.DataFrame:
    """Return labels as prepared rows (see `training.dataset`) with their weight, genre "" for none."""
    of_id = known[known["table"].isin(WITH_IDS)].drop_duplicates("id").set_index("id")
    named = dict(zip(of_id.index, zip(of_id["artist"], of_id["title"], strict=True), strict=True))
    names = [named.get(label.track) or _names(label.track) for label in labels]
    genres = [label.genre or "" for label in labels]
    columns: dict[str, Any] = {
        "table": FEEDBACK,
        "line": 0,
        "id": [label.track for label in labels],
        "artist": [artist for artist, _ in names],
        "title": [title for _, title in names],
        "year": "",
        "upload": "",
        "filed": [(genre,) for genre in genres],
        **{name: [label.features.get(name) for label in labels] for name in NAMES},
        "genre": genres,
        "shelf": [f"{FEEDBACK}: {genre}" for genre in genres],
        "side": Side.TRAIN,
        "weight": [label.weight for label in labels],
    }
    kinds = {**dict.fromkeys(NAMES, "float64"), **dict.fromkeys(TEXTS, "str"), "weight": "int64"}
    return pd.DataFrame(columns, index=range(len(labels))).astype(kinds)


def _names(track: str) -> tuple[str, str]:
    """Divide "title - artist, artist", as a track without an id is named; an id has neither."""
    title, _, artists = track.rpartition(" - ")
    return (artists.split(", ")[0], title) if title else ("", "")


def _reason_against(
    corrected: pd.DataFrame, rows: pd.DataFrame, known: pd.DataFrame
) -> "pd.Series[str]":
    """Say why a track may not be learnt from; empty for one that may."""
    famous = is_held_out(pd.concat([known, corrected], ignore_index=True))[len(known) :]
    famous_ids = [song.id for song in load_held_out_songs().songs if song.id]
    off = rows[rows["side"] != Side.TRAIN]
    artist = keyed(corrected["artist"], artist_key)
    tested = (
        fingerprints(corrected).isin(set(fingerprints(off)))
        | corrected["id"].isin(set(off.loc[off["table"].isin(WITH_IDS), "id"]))
        | ((artist != "") & (artist.map(share_of) < TEST_SHARE))
    )
    reason = pd.Series("", corrected.index, dtype="str")
    reason = reason.mask(tested, "they are on the test side")
    reason = reason.mask(corrected[list(FINGERPRINT)].isna().any(axis=1), "features are missing")
    reason = reason.mask(corrected["genre"] == "", "two genres share the lead")
    is_catalogue = famous.to_numpy() | corrected["id"].isin(famous_ids)
    return reason.mask(is_catalogue, "they are in the embedded catalogue")


def _counted(values: "pd.Series[str]") -> dict[str, int]:
    return {str(value): int(count) for value, count in values.value_counts().items()}
