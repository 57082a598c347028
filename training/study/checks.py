"""Experiments that go beyond a score on one test split.

All models have fixed settings, so that only the condition differs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd

from model.metrics import FeaturePattern
from model.schema import CORE
from training.evaluation import codes, figures, gap_error, standard_error, taught_rows, truth_rows
from training.features import PATTERNS, Absence, Matrix, matrix, without
from training.names import PATTERN_NAMES
from training.split import Side
from training.study import core
from training.study.candidates import fit_fixed
from training.study.comparison import Setup, Tests
from training.study.core import Predicted, TaskData
from training.study.results import Condition
from training.tasks import MIN_TRAIN_ROWS, Task

OURS: Final = "ours"
FOREST: Final = "forest"
BOOSTING: Final = "boosting"
OPEN: Final = "fma"
OPEN_ALONE: Final = "FMA alone"
HARD: Final = "hard labels"
AS_IS: Final = "as they are"
MIN_TEST_SONGS: Final = 50
"""Minimum number of test songs of a table, to measure on them."""

Conditions = tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """A model to train under a condition, and the songs to measure it on by name."""

    model: str
    condition: str
    task: Task
    rows: pd.DataFrame
    songs: Mapping[str, pd.DataFrame]

    def call(self, setup: Setup) -> tuple[Any, ...]:
        """Return the arguments of the fit, which is tested on the core features."""
        tests = {name: core.core_only(own) for name, own in self.songs.items()}
        if self.model == OURS:
            plan = core.check_plan(self.rows, self.task, setup.size)
            labels = "hard" if self.condition == HARD else "noisy"
            return self.rows, self.task, plan, setup.seed, tests, labels
        train = taught_rows(self.rows, self.task)
        values, label = matrix(train), codes(train["genre"], self.task.genres)
        narrow = {name: own[:, : len(CORE)] for name, own in tests.items()}
        about = (len(self.task.genres), setup.size, setup.seed)
        return self.model, values[:, : len(CORE)], label, narrow, *about

    def measured(self, found: Predicted, rival: Predicted | None) -> list[Condition]:
        """Return the figures on each of the songs, with errors of differences to `rival`."""
        conditions = []
        for name, songs in self.songs.items():
            truth, probabilities = codes(songs["truth"], self.task.genres), found.tests[name]
            best, artists = probabilities.argmax(axis=1), core.artists(songs)
            other = rival.tests[name].argmax(axis=1) if rival else best
            condition = Condition(
                task=self.task.name,
                model=self.model,
                condition=self.condition,
                tested_on=name,
                rows=found.rows,
                figures=figures(probabilities, truth, self.task.genres),
                error=standard_error(best, truth, artists),
                gap_error=gap_error(best, other, truth, artists),
            )
            conditions.append(condition)
        return conditions


def run_checks(
    setup: Setup, datas: Sequence[TaskData], ours: Predicted, filled: Tests
) -> dict[str, Conditions]:
    """Run all experiments; those that compare tables are left out with one table.

    `datas` are the songs of each task, the widest last; `ours` are our model's predictions for that
    one, also on `filled` (see `absence_tests`).
    """
    wide = datas[-1]
    cases = {"splits": [case for data in datas for case in _splits(setup, data)]}
    cases["learning"] = [case for data in datas for case in _learning(setup, data)]
    if len(wide.tables) > 1:
        cases["labels"] = [
            Case(OURS, condition, wide.task, wide.rows, {"": wide.test})
            for condition in ("noisy annotators", HARD)
        ]
        cases["left_out"] = _left_out(wide)
        cases["open_data"] = [case for data in datas for case in _open_data(data)]
    found = {name: _run(setup, name, own) for name, own in cases.items()}
    return found | ({"absence": _absence(setup, wide, ours, filled)} if filled else {})


def _run(setup: Setup, name: str, cases: Sequence[Case]) -> Conditions:
    results: dict[int, Predicted] = {}
    for fit in (core.fit_ours, fit_fixed):
        own = [n for n, case in enumerate(cases) if (case.model == OURS) == (fit is core.fit_ours)]
        calls = [cases[n].call(setup) for n in own]
        results |= zip(own, setup.jobs.run(name, fit, calls), strict=True)
    rivals = [_rival(cases[:n], case) for n, case in enumerate(cases)]
    return tuple(
        one
        for n, (case, rival) in enumerate(zip(cases, rivals, strict=True))
        for one in case.measured(results[n], None if rival is None else results[rival])
    )


def _rival(earlier: Sequence[Case], case: Case) -> int | None:
    """Return the number of the last case on the same songs, of the same model if there is one."""
    same = [
        n
        for n, one in enumerate(earlier)
        if one.songs.keys() == case.songs.keys()
        and all(one.songs[name] is songs for name, songs in case.songs.items())
    ]
    return max(same, key=lambda n: (earlier[n].model == case.model, n), default=None)


def _splits(setup: Setup, data: TaskData) -> list[Case]:
    """Divide the same songs by artist and at random, in parts of the same size."""
    rows = data.rows[data.task.labelled(data.rows) & (data.rows["side"] != Side.LEFT_OUT)]
    rows = rows[rows["truth"] != ""]
    recording, by_artist = rows["recording"], rows["side"] == Side.TEST
    rng = np.random.default_rng(setup.seed)
    draw = pd.Series(rng.random(recording.nunique()), recording.unique())
    cases = []
    for condition, tested in (
        ("by artist", by_artist),
        ("songs at random", recording.map(draw) < by_artist.mean()),
    ):
        divided = rows.assign(side=tested.map({True: Side.TEST, False: Side.TRAIN}))
        songs = {"": truth_rows(divided, data.task)}
        cases += [Case(model, condition, data.task, divided, songs) for model in (FOREST, BOOSTING)]
    return cases


def _learning(setup: Setup, data: TaskData) -> list[Case]:
    """Train on the songs of growing shares of the artists."""
    return [
        Case(model, f"{share:g}", data.task, rows, {"": data.test})
        for share in setup.size.learning_shares
        for rows in [data.rows[core.some_artists(data.rows, share, "learning")]]
        for model in (FOREST, OURS)
    ]


def _left_out(data: TaskData) -> list[Case]:
    """Leave each table out of training, and test on its songs of genres that others have."""
    cases = []
    for table in data.tables:
        others = data.rows[data.rows["table"] != table]
        tables = tuple(name for name in data.tables if name != table)
        task = _taught(replace(data.task, tables=tables), others)
        test = data.test[(data.test["table"] == table) & data.test["truth"].isin(task.genres)]
        if len(test) >= MIN_TEST_SONGS:
            cases += [Case(model, table, task, others, {"": test}) for model in (OURS, FOREST)]
    return cases


def _open_data(data: TaskData) -> list[Case]:
    """Train on the Free Music Archive alone and on all tables, and test on both."""
    own = data.rows[data.rows["table"] == OPEN]
    task = _taught(replace(data.task, tables=(OPEN,)), own)
    test = data.test[data.test["truth"].isin(task.genres)]
    inside = test["table"] == OPEN
    parts = {"FMA": test[inside], "the other tables": test[~inside]}
    songs = {name: part for name, part in parts.items() if len(part) >= MIN_TEST_SONGS}
    if not songs or len(task.genres) == 1:
        return []
    every = replace(data.task, genres=task.genres)
    return [
        Case(model, condition, trained, rows, songs)
        for condition, trained, rows in ((OPEN_ALONE, task, own), ("all tables", every, data.rows))
        for model in (OURS, FOREST)
    ]


def _taught(task: Task, rows: pd.DataFrame) -> Task:
    """Return the task with the genres that `rows` have enough training rows of."""
    counts = taught_rows(rows, task)["genre"].value_counts()
    known = tuple(one for one in task.genres if counts.get(one, 0) >= MIN_TRAIN_ROWS)
    return replace(task, genres=known)


def absence_tests(data: TaskData, seed: int) -> dict[str, Matrix]:
    """Return the test songs as they are, and filled and hidden under each feature pattern.

    Nothing is returned for a task with no more than the core features.
    """
    if not set(data.task.features) > set(CORE):
        return {}
    values = matrix(data.test)
    filled = Absence(matrix(data.train)).fill(values, np.random.default_rng(seed))
    hidden = {
        PATTERN_NAMES[one]: without(filled, names)
        for one, names in PATTERNS.items()
        if one is not FeaturePattern.LATE_YEAR
    }
    return {AS_IS: values, **hidden}


def _absence(setup: Setup, data: TaskData, ours: Predicted, tests: Tests) -> Conditions:
    """Measure boosted trees trained on rows as they are and filled and hidden, and our model.

    The former may have learnt which table a song is from by what is missing.
    """
    values, label = matrix(data.train), codes(data.train["genre"], data.task.genres)
    hidden = Absence(values).sample(values, np.random.default_rng(setup.seed))
    about = (len(data.task.genres), setup.size, setup.seed)
    calls = [(BOOSTING, trained, label, tests, *about) for trained in (values, hidden)]
    leaky, masked = setup.jobs.run("absence", fit_fixed, calls)
    models = {"boosting, as they are": leaky, "boosting, filled and hidden": masked, OURS: ours}
    truth, artists = codes(data.test["truth"], data.task.genres), core.artists(data.test)
    return tuple(
        Condition(
            task=data.task.name,
            model=model,
            condition=pattern,
            rows=found.rows,
            figures=figures(found.tests[pattern], truth, data.task.genres),
            error=standard_error(found.tests[pattern].argmax(axis=1), truth, artists),
        )
        for model, found in models.items()
        for pattern in tests
    )
