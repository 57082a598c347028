"""Experiments that go beyond a score on one test split.

All models have fixed settings, so that only the condition differs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from model.schema import CORE
from training.evaluation import figures, one_per_recording
from training.features import PATTERN_NAMES, PATTERNS, Absence, Matrix, without
from training.split import Side
from training.study import core, measure
from training.study.candidates import fit_fixed
from training.study.comparison import Setup, Tests
from training.study.core import Predicted, TaskData
from training.study.results import Checks, Condition
from training.tasks import MIN_TRAIN_ROWS, Task

OURS: Final = "ours"
FOREST: Final = "forest"
BOOSTING: Final = "boosting"
OPEN: Final = "fma"
MIN_TEST_SONGS: Final = 50
"""Minimum number of test songs of a table or a group, to measure on them."""

AS_IS: Final = "as they are"
NOISY: Final = "noisy annotators"
HARD: Final = "hard labels"
BY_ARTIST: Final = "by artist"
AT_RANDOM: Final = "songs at random"
OWN_TABLE: Final = "FMA"
OTHER_TABLES: Final = "the other tables"


@dataclass(frozen=True, slots=True)
class Case:
    """One model to fit under one condition, and the songs to measure it on by name."""

    model: str
    condition: str
    task: Task
    rows: pd.DataFrame
    songs: Mapping[str, pd.DataFrame]


def run_checks(
    setup: Setup, datas: Sequence[TaskData], ours: Mapping[str, Predicted], filled: Tests
) -> Checks:
    """Run all experiments; those that need more than one table are left out with one.

    Args:
        setup: The run.
        datas: Songs of each task, the widest last.
        ours: By task, predictions of our model on the test songs, and on `filled` for the widest.
        filled: Test songs of the widest task under each pattern of absence, see `absence_tests`.
    """
    wide = datas[-1]
    several = len(wide.tables) > 1
    return Checks(
        labels=_labels(setup, wide) if several else (),
        splits=tuple(one for data in datas for one in _splits(setup, data)),
        left_out=_left_out(setup, wide) if several else (),
        open_data=_open_data(setup, wide) if several else (),
        absence=_absence(setup, wide, ours[wide.task.name], filled) if filled else (),
        learning=tuple(one for data in datas for one in _learning(setup, data)),
    )


def _measure(setup: Setup, title: str, cases: Sequence[Case]) -> tuple[Condition, ...]:
    """Fit the model of each case on its rows and measure it on the core features."""
    results: dict[int, Predicted] = {}
    for is_ours in (False, True):
        chosen = [number for number, case in enumerate(cases) if (case.model == OURS) == is_ours]
        calls = [_call(setup, cases[number]) for number in chosen]
        fit = core.fit_ours if is_ours else fit_fixed
        results |= zip(chosen, setup.jobs.run(title, fit, calls), strict=True)
    found = []
    for number, case in enumerate(cases):
        for tested_on, songs in case.songs.items():
            truth = core.codes(songs["truth"], case.task)
            probabilities = results[number].tests[tested_on]
            genres = case.task.genres
            found.append(
                Condition(
                    task=case.task.name,
                    model=case.model,
                    condition=case.condition,
                    tested_on=tested_on,
                    rows=results[number].rows,
                    figures=figures(probabilities, truth, genres),
                    error=measure.standard_error(probabilities, truth, core.artists(songs)),
                    by_genre=measure.f1_by_genre(probabilities, truth, genres),
                )
            )
    return tuple(found)


def _call(setup: Setup, case: Case) -> tuple[object, ...]:
    tests = {name: core.core_only(core.features(songs)) for name, songs in case.songs.items()}
    if case.model == OURS:
        plan = core.plan_of(case.task, setup.size, check=True)
        labels = "hard" if case.condition == HARD else "noisy"
        return case.rows, case.task, plan, setup.seed, tests, labels
    train = core.train_rows(case.rows, case.task)
    values = core.features(train)[:, : len(CORE)]
    own = {name: test[:, : len(CORE)] for name, test in tests.items()}
    label = core.codes(train["genre"], case.task)
    return case.model, values, label, own, len(case.task.genres), setup.size, setup.seed


def _labels(setup: Setup, data: TaskData) -> tuple[Condition, ...]:
    """Train our model on tables as noisy annotators, and on their labels as if they were true."""
    cases = [
        Case(OURS, condition, data.task, data.rows, {"": data.test}) for condition in (NOISY, HARD)
    ]
    return _measure(setup, f"{data.task.name}: noisy and hard labels", cases)


def _splits(setup: Setup, data: TaskData) -> tuple[Condition, ...]:
    """Divide the same songs by artist and at random, in parts of the same size."""
    rows = data.rows[data.task.labelled(data.rows) & (data.rows["side"] != Side.LEFT_OUT)]
    rows = rows[rows["truth"] != ""]
    recording = rows["recording"]
    rng = np.random.default_rng(setup.seed)
    draw = pd.Series(rng.random(recording.nunique()), recording.unique())
    by_artist = rows["side"] == Side.TEST
    at_random = recording.map(draw) < by_artist.mean()
    cases = []
    for condition, tested in ((BY_ARTIST, by_artist), (AT_RANDOM, at_random)):
        side = tested.map({True: Side.TEST, False: Side.TRAIN})
        songs = {"": one_per_recording(rows[tested])}
        divided = rows.assign(side=side)
        cases += [
            Case(model, condition, data.task, divided, songs) for model in (FOREST, BOOSTING)
        ]
    return _measure(setup, f"{data.task.name}: splits", cases)


def _left_out(setup: Setup, data: TaskData) -> tuple[Condition, ...]:
    """Leave each table out of training, and test on its songs of genres that others have."""
    cases = []
    for table in data.tables:
        others = data.rows[data.rows["table"] != table]
        task = _taught(replace(data.task, tables=tuple(set(data.tables) - {table})), others)
        test = data.test[(data.test["table"] == table) & data.test["truth"].isin(task.genres)]
        if len(test) >= MIN_TEST_SONGS:
            cases += [Case(model, table, task, others, {"": test}) for model in (OURS, FOREST)]
    return _measure(setup, f"{data.task.name}: a table left out", cases)


def _taught(task: Task, rows: pd.DataFrame) -> Task:
    """Return the task with the genres that `rows` have enough training rows of."""
    counts = core.train_rows(rows, task)["genre"].value_counts()
    return replace(
        task, genres=tuple(one for one in task.genres if counts.get(one, 0) >= MIN_TRAIN_ROWS)
    )


def _open_data(setup: Setup, data: TaskData) -> tuple[Condition, ...]:
    """Train on the Free Music Archive alone and on all tables, and test on both."""
    own = data.rows[data.rows["table"] == OPEN]
    task = _taught(replace(data.task, tables=(OPEN,)), own)
    test = data.test[data.test["truth"].isin(task.genres)]
    parts = {
        OWN_TABLE: test[test["table"] == OPEN],
        OTHER_TABLES: test[test["table"] != OPEN],
    }
    songs = {name: part for name, part in parts.items() if len(part) >= MIN_TEST_SONGS}
    if not songs or len(task.genres) < len(data.task.genres[:2]):
        return ()
    everything = replace(data.task, genres=task.genres)
    cases = [
        Case(model, trained, trained_task, rows, songs)
        for trained, trained_task, rows in (
            ("FMA alone", task, own),
            ("all tables", everything, data.rows),
        )
        for model in (OURS, FOREST)
    ]
    return _measure(setup, f"{data.task.name}: open data alone", cases)


def absence_tests(data: TaskData, seed: int) -> dict[str, Matrix]:
    """Return the test songs as they are, and filled and hidden under each feature pattern.

    None if the task takes only features that every table has.
    """
    if not set(data.task.features) > set(CORE):
        return {}
    values = core.features(data.test)
    pool = Absence(core.features(data.train))
    filled = pool.fill(values, np.random.default_rng(seed))
    patterns = {
        PATTERN_NAMES[pattern]: without(filled, hidden) for pattern, hidden in PATTERNS.items()
    }
    return {AS_IS: values, **patterns}


def _absence(
    setup: Setup, data: TaskData, ours: Predicted, tests: Tests
) -> tuple[Condition, ...]:
    """Measure models that may have learnt which table a song is from by what is missing.

    Boosted trees are trained on rows as they are, and on rows filled and hidden at random.
    """
    values, task = core.features(data.train), data.task
    hidden = Absence(values).sample(values, np.random.default_rng(setup.seed))
    label = data.codes(data.train["genre"])
    genres = len(task.genres)
    calls = [
        (BOOSTING, trained, label, tests, genres, setup.size, setup.seed)
        for trained in (values, hidden)
    ]
    leaky, masked = setup.jobs.run(f"{task.name}: absent features", fit_fixed, calls)
    models = {"boosting, as they are": leaky, "boosting, filled and hidden": masked, OURS: ours}
    truth = data.codes(data.test["truth"])
    return tuple(
        Condition(
            task=task.name,
            model=model,
            condition=pattern,
            rows=found.rows,
            figures=figures(found.tests[pattern], truth, task.genres),
        )
        for model, found in models.items()
        for pattern in tests
    )


def _learning(setup: Setup, data: TaskData) -> tuple[Condition, ...]:
    """Train on the songs of growing shares of the artists."""
    cases = []
    for share in setup.size.learning_shares:
        some = data.rows[core.some_artists(data.rows, share, "learning")]
        cases += [
            Case(model, f"{share:g}", data.task, some, {"": data.test}) for model in (FOREST, OURS)
        ]
    return _measure(setup, f"{data.task.name}: learning curve", cases)
