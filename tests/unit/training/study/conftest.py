from collections.abc import Iterator
from dataclasses import replace

import pandas as pd
import pytest
from threadpoolctl import threadpool_limits

from training.study.scale import QUICK, Size
from training.study.workspace import Workspace, build_workspace
from training.tasks import TASKS


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Limit numerical libraries to one thread, as in a job."""
    with threadpool_limits(limits=1):
        yield


@pytest.fixture(scope="session")
def tiny() -> Size:
    """Return a size smaller than the quick one."""
    return replace(
        QUICK, name="tiny", artist_share=1.0, folds=3, fold_rows=400, trees=5, rounds=4, epochs=2
    )


@pytest.fixture(scope="session")
def study_workspace(made_up: pd.DataFrame, tiny: Size) -> Workspace:
    """Return the workspace of the study's task on the synthetic dataset."""
    (task,) = (task for task in TASKS if task.name == "study")
    return build_workspace(made_up, task, tiny, seed=0)


@pytest.fixture(scope="session")
def wide_workspace(made_up: pd.DataFrame, tiny: Size) -> Workspace:
    """Return the workspace of the wide task, narrowed to the synthetic dataset."""
    (task,) = (task for task in TASKS if task.name == "wide")
    return build_workspace(made_up, task.narrowed(made_up, strict=False), tiny, seed=0)
