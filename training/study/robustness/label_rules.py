"""Compares rules for contradicting and repeated labels.

A recording (the same artist and title, or the same feature values if it has no name) may be in
several tables, often with a different genre in each.
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
from training.study.robustness.fits import BOOSTING, core_features_job, ensemble_job
from training.study.robustness.results import Agreement, LabelRuleResult
from training.study.workspace import Workspace
from training.tasks import Task

TEST: Final = "test"
AGREED: Final = "agreed"
MIN_RECORDINGS: Final = 30
"""Minimum number of common recordings of two tables, to measure their agreement."""


@dataclass(frozen=True, slots=True)
class LabelRule:
    """A rule that selects training rows.

    Attributes:
        name: Name of the rule.
        description: What the rule does, for the report.
        select: Returns the training rows, for all labelled rows.
        in_use: Whether the study's models use it.
    """

    name: str
    description: str
    select: Callable[[pd.DataFrame], pd.DataFrame]
    in_use: bool = False


def recordings(rows: pd.DataFrame) -> "pd.Series[str]":
    """Return an identifier of each row's recording."""
    named = (rows["artist"] != "") & (rows["title"] != "")
    name = keyed(rows["artist"], artist_key) + "/" + keyed(rows["title"], title_key)
    return name.where(named, rows["recording"])


def every_row(rows: pd.DataFrame) -> pd.DataFrame:
    """Return all rows."""
    return rows


def unanimous(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one row of each recording whose rows all have the same genre."""
    recording = recordings(rows)
    genres = rows["genre"].groupby(recording).transform("nunique")
    return rows[(genres == 1) & ~recording.duplicated()]


def majority(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one row of each recording, with the most frequent genre of its rows.

    Recordings with a tie are left out.
    """
    recording = recordings(rows)
    votes = rows.groupby([recording, rows["genre"]]).size()
    most = votes.groupby(level=0).transform("max")
    leading = votes[votes == most].reset_index(level=1)["genre"]
    winner = leading[~leading.index.duplicated(keep=False)]
    chosen = recording.isin(winner.index) & ~recording.duplicated()
    return rows[chosen].assign(genre=recording[chosen].map(winner))


def most_consistent(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of each recording from the table that agrees most with other tables."""
    ranks = {table: rank for rank, table in enumerate(_by_agreement(rows))}
    rank = rows["table"].map(ranks)
    best = rank.groupby(recordings(rows)).transform("min")
    return one_per_genre(rows[rank == best])


LABEL_RULES: Final = (
    LabelRule(
        "each genre once",
        "a recording counts once for each genre that it is labelled with; contradictions are kept",
        one_per_genre,
        in_use=True,
    ),
    LabelRule("every row", "every row counts, also copies of the same recording", every_row),
    LabelRule(
        "majority",
        "a recording counts once, with the genre of most of its rows; ties are left out",
        majority,
    ),
    LabelRule("unanimous", "recordings labelled with several genres are left out", unanimous),
    LabelRule(
        "most consistent table",
        "a recording's rows count only in the table that agrees most with the other tables",
        most_consistent,
    ),
)
FINE_LABELS: Final = "fine labels"
GENRES: Final = "genres"
ENSEMBLE_RULES: Final = {
    FINE_LABELS: "the network learns each table's fine labels, also of rows without a genre",
    GENRES: "the network learns the genres only, from labelled rows",
}
"""Descriptions of the two kinds of labels that the ensemble is trained on, by name."""


def rules(job_cache: JobCache, workspace: Workspace) -> tuple[LabelRuleResult, ...]:
    """Measure boosted trees with each rule, and the ensemble with fine labels and with genres."""
    task = workspace.task
    eval_sets = {TEST: eval_set(workspace.test, task.genres).core_only()}
    if (agreed := agreed_rows(workspace.rows, task)) is not None:
        eval_sets[AGREED] = eval_set(agreed, task.genres).core_only()
    labelled = workspace.train[task.labelled(workspace.train)]
    genres_only = labelled.assign(fine_label=labelled["genre"])
    jobs = [
        *(
            core_features_job(BOOSTING, rule.select(labelled), task.genres, eval_sets, workspace)
            for rule in LABEL_RULES
        ),
        ensemble_job(workspace.train, task, eval_sets, workspace),
        ensemble_job(genres_only, task, eval_sets, workspace),
    ]
    scores = job_cache.run_all(f"{task.name}: label rules", jobs)
    described = [(one.name, one.description, one.in_use, BOOSTING) for one in LABEL_RULES]
    described += [
        (name, description, name == FINE_LABELS, ENSEMBLE)
        for name, description in ENSEMBLE_RULES.items()
    ]
    return tuple(
        _result(task, about, score) for about, score in zip(described, scores, strict=True)
    )


def _result(task: Task, about: tuple[str, str, bool, str], score: Scores) -> LabelRuleResult:
    name, description, in_use, model = about
    return LabelRuleResult(
        rule=name,
        description=description,
        in_use=in_use,
        task=task.name,
        model=model,
        rows=score.rows,
        test=score.figures[TEST],
        agreed=score.figures.get(AGREED),
    )


def agreement(rows: pd.DataFrame) -> tuple[Agreement, ...]:
    """Return the agreement of each two tables that have enough recordings in common.

    Only the first row of a recording in each table counts. Rows without genre, artist or title are
    left out.
    """
    known = rows[(rows["genre"] != "") & (rows["artist"] != "") & (rows["title"] != "")]
    first = known.assign(recording=recordings(known)).drop_duplicates(["table", "recording"])
    genres = first.pivot_table(index="recording", columns="table", values="genre", aggfunc="first")
    pairs = []
    for one, other in combinations(genres.columns, 2):
        both = genres[[one, other]].dropna()
        if len(both) >= MIN_RECORDINGS:
            share = round(float((both[one] == both[other]).mean()), 4)
            pairs.append(Agreement(one, other, len(both), share))
    return tuple(pairs)


def _by_agreement(rows: pd.DataFrame) -> Sequence[str]:
    """Return the tables in falling order of their mean agreement with other tables."""
    pairs = agreement(rows)
    shares = {
        table: [pair.share for pair in pairs if table in {pair.first, pair.second}]
        for table in rows["table"].unique()
    }
    return sorted(shares, key=lambda table: -sum(shares[table]) / max(len(shares[table]), 1))
