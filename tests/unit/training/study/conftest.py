from collections.abc import Iterator
from dataclasses import replace

import pandas as pd
import pytest
from threadpoolctl import threadpool_limits

from training.study.scale import QUICK, Size
from training.study.workspace import Workspace, workspace
from training.tasks import TASKS


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Let numerical libraries use one thread, as in a piece of work."""
    with threadpool_limits(limits=1):
        yield


@pytest.fixture(scope="session")
def tiny() -> Size:
    """A run smaller than the quick one."""
    return replace(
        QUICK, name="tiny", artists=1.0, folds=3, fold_rows=400, trees=5, rounds=4, epochs=2
    )


@pytest.fixture(scope="session")
def study_bench(made_up: pd.DataFrame, tiny: Size) -> Workspace:
    """The study's task on made-up rows."""
    (task,) = (task for task in TASKS if task.name == "study")
    return workspace(made_up, task, tiny, seed=0)


@pytest.fixture(scope="session")
def wide_bench(made_up: pd.DataFrame, tiny: Size) -> Workspace:
    """The task with all features, as far as made-up rows teach it."""
    (task,) = (task for task in TASKS if task.name == "wide")
    return workspace(made_up, task.narrowed(made_up, strict=False), tiny, seed=0)
