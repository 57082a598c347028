import operator
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from training.study.candidates import candidates
from training.study.clusters import NoCluster, backend
from training.study.grid_search import SearchResult, search, trials
from training.study.job_cache import Job, JobCache
from training.study.workspace import Workspace


class CountingFunction:
    """A function that records its calls and can interrupt the run at one of them."""

    __module__ = "training.study.job_cache"

    def __init__(self, stop_at: int | None = None) -> None:
        self.__qualname__ = "counted"
        self.calls: list[int] = []
        self.stop_at = stop_at

    def __call__(self, number: int) -> int:
        if number == self.stop_at:
            raise KeyboardInterrupt
        self.calls.append(number)
        return 10 * number


def jobs(function: CountingFunction, *numbers: int) -> list[Job[int]]:
    return [Job(int, function, (number,)) for number in numbers]


def test_results_are_in_the_order_of_the_jobs(tmp_path: Path) -> None:
    assert JobCache(tmp_path, 1).run_all("test", jobs(CountingFunction(), 3, 1, 2)) == [30, 10, 20]


def test_cached_results_are_not_computed_again(tmp_path: Path) -> None:
    first, second = CountingFunction(), CountingFunction()
    JobCache(tmp_path, 1).run_all("test", jobs(first, 1, 2))
    assert JobCache(tmp_path, 1).run_all("test", jobs(second, 1, 2, 3)) == [10, 20, 30]
    assert (first.calls, second.calls) == ([1, 2], [3])


def test_interrupted_run_keeps_completed_results(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        JobCache(tmp_path, 1).run_all("test", jobs(CountingFunction(stop_at=3), 1, 2, 3, 4))
    rest = CountingFunction()
    assert JobCache(tmp_path, 1).run_all("test", jobs(rest, 1, 2, 3, 4)) == [10, 20, 30, 40]
    assert rest.calls == [3, 4]


def test_interrupted_write_leaves_no_partial_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Simulate a write that fails half way."""
    original = Path.write_text

    def write_half(path: Path, text: str, **options: Any) -> int:
        original(path, text[: len(text) // 2], **options)
        raise OSError("no space left")

    monkeypatch.setattr(Path, "write_text", write_half)
    with pytest.raises(OSError, match="no space"):
        JobCache(tmp_path, 1).run_all("test", jobs(CountingFunction(), 1))
    assert not list(tmp_path.glob("*.json"))


@pytest.mark.parametrize(
    "damaged", ["", "{", "[]", '{"seconds": 1.0}', '{"seconds": 1, "value": "{"}']
)
def test_unreadable_result_is_computed_again(tmp_path: Path, damaged: str) -> None:
    JobCache(tmp_path, 1).run_all("test", jobs(CountingFunction(), 1, 2))
    broken, _ = sorted(tmp_path.iterdir())
    broken.write_text(damaged)
    again = CountingFunction()
    assert JobCache(tmp_path, 1).run_all("test", jobs(again, 1, 2)) == [10, 20]
    assert len(again.calls) == 1
    assert JobCache(tmp_path, 1).run_all("test", jobs(CountingFunction(), 1, 2)) == [10, 20]


def test_stage_time_includes_cached_results(tmp_path: Path) -> None:
    first, second = JobCache(tmp_path, 1), JobCache(tmp_path, 1)
    first.run_all("sums", [Job(int, sum, (range(10_000_000),))])
    second.run_all("sums", [Job(int, sum, (range(count),)) for count in (10_000_000, 9_999_999)])
    assert 0 < first.stages["sums"] < second.stages["sums"]


def test_key_depends_on_arguments_and_function() -> None:
    values = np.arange(6.0)
    same = [Job(float, operator.add, (values, one)).key() for one in (1, 1, 2)]
    assert same[0] == same[1] != same[2]
    assert Job(float, operator.sub, (values, 1)).key() != same[0]
    assert Job(float, operator.add, (values + 1, 1)).key() != same[0]


def searched(job_cache: JobCache, workspace: Workspace) -> list[SearchResult]:
    chosen = [one for one in candidates(3) if one.key in {"logistic-grid", "boosting"}]
    return search(job_cache, "test", [trials(one, workspace.size) for one in chosen], workspace)


def without_seconds(found: list[SearchResult]) -> list[object]:
    return [(one.trial.settings, one.fold) for one in found]


@pytest.fixture
def scheduler() -> Iterator[str]:
    """Yield the address of a Dask scheduler on loopback with two worker processes."""
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0", host="127.0.0.1"
    ) as cluster:
        yield cluster.scheduler_address


def test_dask_cluster_finds_the_same_settings_as_one_process(
    scheduler: str, study_workspace: Workspace, tmp_path: Path
) -> None:
    alone = searched(JobCache(tmp_path / "alone", 1), study_workspace)
    with backend(scheduler, processes=2):
        together = searched(JobCache(tmp_path / "together", 2), study_workspace)
    assert without_seconds(together) == without_seconds(alone)
    assert len(list((tmp_path / "together").iterdir())) > 10


def test_unreachable_scheduler_raises_no_cluster(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr("training.study.clusters.CONNECT_TIMEOUT", 1)
    with (
        pytest.raises(NoCluster, match="no Dask cluster at tcp"),
        backend("tcp://127.0.0.1:9", processes=2),
    ):
        pass


def test_cluster_without_workers_raises_no_cluster(monkeypatch: pytest.MonkeyPatch) -> None:
    distributed = pytest.importorskip("distributed")
    monkeypatch.setattr("training.study.clusters.CONNECT_TIMEOUT", 1)
    with (
        distributed.LocalCluster(
            n_workers=0, dashboard_address="127.0.0.1:0", host="127.0.0.1"
        ) as empty,
        pytest.raises(NoCluster, match="has no workers"),
        backend(empty.scheduler_address, processes=2),
    ):
        pass


def test_missing_dask_names_the_package_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(NoCluster, match="pip install"), backend("local", processes=2):
        pass
