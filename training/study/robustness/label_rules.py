"""Ways to read labels that contradict and repeat one another, and what each is worth.

A recording (the same artist and title, or the same feature values where there is no name) stands in
several tables, often under another genre in each.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import pandas as pd

from training.figures import ENSEMBLE
from training.identity import artist_key, keyed, title_key
from training.study.eval_sets import agreed_rows, eval_set, one_per_genre
from training.study.job_cache import JobCache
from training.study.model_evaluation import Scores
from training.study.robustness.fits import BOOSTING, committee, on_core
from training.study.robustness.results import Agreement, Rule
from training.study.workspace import Workspace
from training.tasks import Task

TEST: Final = "test"
AGREED: Final = "agreed"
FEWEST: Final = 30
"""Nothing is said of two tables that share fewer recordings."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A rule: `read` returns the rows to learn from, `chosen` marks the one in use."""

    name: str
    meaning: str
    read: Callable[[pd.DataFrame], pd.DataFrame]
    chosen: bool = False


def recordings(rows: pd.DataFrame) -> "pd.Series[str]":
    """Name the recording that each row is of."""
    named = (rows["artist"] != "") & (rows["title"] != "")
    name = keyed(rows["artist"], artist_key) + "/" + keyed(rows["title"], title_key)
    return name.where(named, rows["recording"])


def every_row(rows: pd.DataFrame) -> pd.DataFrame:
    """Return all rows."""
    return rows


def undisputed(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one row of each recording that has one genre only."""
    recording = recordings(rows)
    genres = rows["genre"].groupby(recording).transform("nunique")
    return rows[(genres == 1) & ~recording.duplicated()]


def majority(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one row of each recording, under the genre that most of its rows have.

    A recording without such a genre is left out.
    """
    recording = recordings(rows)
    votes = rows.groupby([recording, rows["genre"]]).size()
    most = votes.groupby(level=0).transform("max")
    leading = votes[votes == most].reset_index(level=1)["genre"]
    winner = leading[~leading.index.duplicated(keep=False)]
    kept = recording.isin(winner.index) & ~recording.duplicated()
    return rows[kept].assign(genre=recording[kept].map(winner))


def most_trusted(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of each recording that stand in the table which agrees most with others."""
    order = {table: place for place, table in enumerate(_by_trust(rows))}
    place = rows["table"].map(order)
    best = place.groupby(recordings(rows)).transform("min")
    return one_per_genre(rows[place == best])


READINGS: Final = (
    Reading(
        "every filing once",
        "a recording counts once for each genre it is filed under; contradictions stay",
        one_per_genre,
        chosen=True,
    ),
    Reading("every row", "copies of a recording count as often as they stand", every_row),
    Reading(
        "majority",
        "a recording counts once, under the genre of most of its rows; ties are left out",
        majority,
    ),
    Reading("undisputed", "recordings filed under several genres are left out", undisputed),
    Reading(
        "most trusted table",
        "of a recording's rows those count that stand in the table which agrees most with others",
        most_trusted,
    ),
)
SHELVES: Final = "shelves"
GENRES: Final = "genres"
MEANINGS: Final = {
    SHELVES: "the network learns each table's finest labels, of unlabelled rows too",
    GENRES: "the network learns the genres alone, from labelled rows",
}


def rules(workshop: JobCache, bench: Workspace) -> tuple[Rule, ...]:
    """Measure boosted trees after each reading, and the shipped model with shelves and without."""
    genres = bench.task.genres
    exams = {TEST: eval_set(bench.test, genres).core_only()}
    if (sure := agreed_rows(bench.rows, bench.task)) is not None:
        exams[AGREED] = eval_set(sure, genres).core_only()
    labelled = bench.train[bench.task.labelled(bench.train)]
    pieces = [
        on_core(BOOSTING, reading.read(labelled), genres, exams, bench) for reading in READINGS
    ]
    pieces.append(committee(bench.train, bench.task, exams, bench))
    pieces.append(
        committee(labelled.assign(fine_label=labelled["genre"]), bench.task, exams, bench)
    )
    marks = workshop.do(f"{bench.task.name}: label rules", pieces)
    described = [(one.name, one.meaning, one.chosen, BOOSTING) for one in READINGS]
    described += [(name, meaning, name == SHELVES, ENSEMBLE) for name, meaning in MEANINGS.items()]
    return tuple(
        _rule(bench.task, about, mark) for about, mark in zip(described, marks, strict=True)
    )


def _rule(task: Task, about: tuple[str, str, bool, str], mark: Scores) -> Rule:
    name, meaning, chosen, model = about
    return Rule(
        rule=name,
        meaning=meaning,
        chosen=chosen,
        task=task.name,
        model=model,
        rows=mark.rows,
        test=mark.figures[TEST],
        agreed=mark.figures.get(AGREED),
    )


def agreement(rows: pd.DataFrame) -> tuple[Agreement, ...]:
    """Return how often two tables file a recording alike, for each two that share enough.

    A recording's first row in a table speaks for the table. Rows without a genre or a name do not
    count.
    """
    known = rows[(rows["genre"] != "") & (rows["artist"] != "") & (rows["title"] != "")]
    first = known.assign(recording=recordings(known)).drop_duplicates(["table", "recording"])
    filed = first.pivot_table(index="recording", columns="table", values="genre", aggfunc="first")
    found = []
    for one, other in combinations(filed.columns, 2):
        both = filed[[one, other]].dropna()
        if len(both) >= FEWEST:
            share = round(float((both[one] == both[other]).mean()), 4)
            found.append(Agreement(one, other, len(both), share))
    return tuple(found)


def _by_trust(rows: pd.DataFrame) -> Sequence[str]:
    """Return the tables, the one that agrees most with others first."""
    pairs = agreement(rows)
    mean = {
        table: [pair.share for pair in pairs if table in {pair.first, pair.second}]
        for table in rows["table"].unique()
    }
    return sorted(mean, key=lambda table: -sum(mean[table]) / max(len(mean[table]), 1))
