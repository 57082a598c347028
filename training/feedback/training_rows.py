"""Agreed labels as training rows of the dataset.

A label counts like the opinion of independent sources on an artist (`training.annotators`), times
its weight. Tracks of the test side and held-out songs are left out; they are recognised by id,
name, artist and feature values.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import nan
from typing import Any, Final

import pandas as pd

from model.schema import INPUT_NAMES, NAMES
from training.counting import counted
from training.feedback.left_out import stay_out
from training.feedback.votes import AgreedLabel
from training.held_out_songs import is_held_out, load_held_out_songs
from training.identity import FINGERPRINT, fingerprints, keyed, lead_artist_key
from training.split import TEST_SHARE, Side, share_of
from training.tables import FEEDBACK, SPOTIFY_TABLES

TEXTS: Final = (
    *("table", "id", "artist", "title", "upload", "collection", "recording"),
    *("genre", "annotator", "label", "artist_genre"),
)
"""Columns of type str."""


@dataclass(frozen=True, slots=True)
class LabelReport:
    """Number of labels added to the dataset, by genre, and of those left out, by reason."""

    added: Mapping[str, int]
    left_out: Mapping[str, int]

    def lines(self) -> Iterator[str]:
        """Yield the report as lines for the command line."""
        genres = ", ".join(f"{count} {genre}" for genre, count in self.added.items())
        added = counted(sum(self.added.values()), "track")
        yield f"feedback: {added} added" + (genres and f" ({genres})")
        for reason, count in self.left_out.items():
            yield f"feedback: {stay_out(count, 'track')}: {reason}"


def add_labels(
    rows: pd.DataFrame, labels: Sequence[AgreedLabel], known: pd.DataFrame
) -> tuple[pd.DataFrame, LabelReport]:
    """Return the dataset with labels on its training side and a column `weight`, and a report.

    `known` are the rows of the tables as loaded, held-out songs included.
    """
    known = known.dropna(subset=list(FINGERPRINT))
    known = known.assign(recording=fingerprints(known))
    labelled = _frame(labels, known)
    reason = _exclusion_reasons(labelled, rows, known)
    added = labelled[reason == ""]
    everything = pd.concat([rows.assign(weight=1.0), added], ignore_index=True)
    return everything, LabelReport(_counts(added["genre"]), _counts(reason[reason != ""]))


def _frame(labels: Sequence[AgreedLabel], known: pd.DataFrame) -> pd.DataFrame:
    """Return labels as rows of the dataset with a weight."""
    of_id = known[known["table"].isin(SPOTIFY_TABLES)].drop_duplicates("id")
    named = {one.id: (one.artist, one.title) for one in of_id.itertuples()}
    names = [named.get(label.track) or _names(label) for label in labels]
    genres = [label.genre for label in labels]
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
        "artist_shares": [{genre: 1.0} for genre in genres],
        "side": Side.TRAIN,
        "weight": [label.weight for label in labels],
    }
    features = dict.fromkeys(INPUT_NAMES, "float64")
    kinds = {**features, **dict.fromkeys(TEXTS, "str"), "weight": "float64"}
    rows = pd.DataFrame(columns, index=range(len(labels)))
    return rows.assign(recording=fingerprints(rows.astype(features))).astype(kinds)


def _names(label: AgreedLabel) -> tuple[str, str]:
    """Return the lead artist and the title of a label's track, "" if unknown."""
    return label.artists[0] if label.artists else "", label.title


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
    is_held_out_song = held_out.to_numpy() | labelled["id"].isin(held_out_ids)
    return reason.mask(is_held_out_song, "they are held-out songs")


def _counts(values: "pd.Series[str]") -> dict[str, int]:
    return {str(value): int(count) for value, count in values.value_counts().items()}
