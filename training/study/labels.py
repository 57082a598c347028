"""Where labels disagree: table against table, and tables against what is said of the artist."""

from itertools import combinations
from typing import Final

import pandas as pd

from training.identity import artist_key, keyed, title_key
from training.study.results import Agreement, LabelMeaning

MIN_RECORDINGS: Final = 30
"""Minimum number of common recordings of two tables, to measure their agreement."""

MIN_SONGS: Final = 100
"""Minimum number of songs with a label and a known artist, to say what the label means."""


def agreements(rows: pd.DataFrame) -> tuple[Agreement, ...]:
    """Return the agreement of each two tables that have enough recordings in common.

    Recordings are matched by artist and title; the first row of one in each table counts.
    """
    known = rows[(rows["genre"] != "") & (rows["artist"] != "") & (rows["title"] != "")]
    name = keyed(known["artist"], artist_key) + "/" + keyed(known["title"], title_key)
    first = known.assign(name=name).drop_duplicates(["table", "name"])
    genres = first.pivot_table(index="name", columns="table", values="genre", aggfunc="first")
    found = []
    for one, other in combinations(genres.columns, 2):
        both = genres[[one, other]].dropna()
        if len(both) >= MIN_RECORDINGS:
            share = float((both[one] == both[other]).mean())
            found.append(Agreement(first=one, second=other, recordings=len(both), share=share))
    return tuple(found)


def meanings(rows: pd.DataFrame) -> tuple[LabelMeaning, ...]:
    """Return what sources say of the artists of the songs with each label of each table.

    Labels are the tables' own; those that are too rare and merged are left out.
    """
    merged = rows["label"] == rows["annotator"] + ": other " + rows["genre"]
    known = rows[(rows["genre"] != "") & (rows["artist_genre"] != "") & ~merged]
    found = []
    for names, own in known.groupby(["annotator", "label", "genre"], sort=False):
        if len(own) >= MIN_SONGS:
            table, label, genre = map(str, names)
            shares = own["artist_genre"].value_counts(normalize=True).to_dict()
            about = {"table": table, "label": label.removeprefix(f"{table}: "), "genre": genre}
            found.append(LabelMeaning.model_validate(about | {"songs": len(own), "shares": shares}))
    return tuple(found)
