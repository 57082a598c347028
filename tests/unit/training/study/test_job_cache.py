import operator
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from training.study.candidates import candidates
from training.study.clusters import NoCluster, backend
from training.study.grid_search import Found, search, trials
from training.study.job_cache import Job, JobCache
from training.study.workspace import Workspace


class Counted:
    """A function that counts its calls and can be told to stop the run at one of them."""

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


def pieces(function: Counted, *numbers: int) -> list[Job[int]]:
    return [Job(int, function, (number,)) for number in numbers]


def test_results_come_in_the_order_of_the_pieces(tmp_path: Path) -> None:
    assert JobCache(tmp_path, 1).do("test", pieces(Counted(), 3, 1, 2)) == [30, 10, 20]


def test_what_was_worked_out_once_is_not_again(tmp_path: Path) -> None:
    first, second = Counted(), Counted()
    JobCache(tmp_path, 1).do("test", pieces(first, 1, 2))
    assert JobCache(tmp_path, 1).do("test", pieces(second, 1, 2, 3)) == [10, 20, 30]
    assert (first.calls, second.calls) == ([1, 2], [3])


def test_a_run_that_is_stopped_keeps_what_is_finished(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        JobCache(tmp_path, 1).do("test", pieces(Counted(stop_at=3), 1, 2, 3, 4))
    rest = Counted()
    assert JobCache(tmp_path, 1).do("test", pieces(rest, 1, 2, 3, 4)) == [10, 20, 30, 40]
    assert rest.calls == [3, 4]


def test_a_result_cut_short_on_disk_is_never_left_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The power fails when a file's text is half written."""
    whole = Path.write_text

    def half(path: Path, text: str, **options: Any) -> int:
        whole(path, text[: len(text) // 2], **options)
        raise OSError("no space left")

    monkeypatch.setattr(Path, "write_text", half)
    with pytest.raises(OSError, match="no space"):
        JobCache(tmp_path, 1).do("test", pieces(Counted(), 1))
    assert not list(tmp_path.glob("*.json"))


@pytest.mark.parametrize(
    "damaged", ["", "{", "[]", '{"seconds": 1.0}', '{"seconds": 1, "value": "{"}']
)
def test_a_kept_result_that_cannot_be_read_is_worked_out_again(
    tmp_path: Path, damaged: str
) -> None:
    JobCache(tmp_path, 1).do("test", pieces(Counted(), 1, 2))
    broken, _ = sorted(tmp_path.iterdir())
    broken.write_text(damaged)
    again = Counted()
    assert JobCache(tmp_path, 1).do("test", pieces(again, 1, 2)) == [10, 20]
    assert len(again.calls) == 1
    assert JobCache(tmp_path, 1).do("test", pieces(Counted(), 1, 2)) == [10, 20]


def test_the_work_of_a_stage_is_added_up_over_runs(tmp_path: Path) -> None:
    first, second = JobCache(tmp_path, 1), JobCache(tmp_path, 1)
    first.do("sums", [Job(int, sum, (range(10_000_000),))])
    second.do("sums", [Job(int, sum, (range(count),)) for count in (10_000_000, 9_999_999)])
    assert 0 < first.stages["sums"] < second.stages["sums"]


def test_other_arguments_and_other_functions_have_other_keys() -> None:
    values = np.arange(6.0)
    same = [Job(float, operator.add, (values, one)).key() for one in (1, 1, 2)]
    assert same[0] == same[1] != same[2]
    assert Job(float, operator.sub, (values, 1)).key() != same[0]
    assert Job(float, operator.add, (values + 1, 1)).key() != same[0]


def searched(workshop: JobCache, bench: Workspace) -> list[Found]:
    chosen = [one for one in candidates(3) if one.key in {"logistic-grid", "boosting"}]
    return search(workshop, "test", [trials(one, bench.size) for one in chosen], bench)


def without_seconds(found: list[Found]) -> list[object]:
    return [(one.trial.settings, one.fold) for one in found]


@pytest.fixture
def scheduler() -> Iterator[str]:
    """A real scheduler with two workers, each a process of its own, on loopback."""
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1"
    ) as cluster:
        yield cluster.scheduler_address


def test_a_dask_cluster_finds_what_one_process_finds(
    scheduler: str, study_bench: Workspace, tmp_path: Path
) -> None:
    alone = searched(JobCache(tmp_path / "alone", 1), study_bench)
    with backend(scheduler, processes=2):
        together = searched(JobCache(tmp_path / "together", 2), study_bench)
    assert without_seconds(together) == without_seconds(alone)
    assert len(list((tmp_path / "together").iterdir())) > 10


def test_an_address_where_nothing_answers_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr("training.study.clusters.CONNECT_SECONDS", 1)
    with (
        pytest.raises(NoCluster, match="no Dask cluster at tcp"),
        backend("tcp://127.0.0.1:9", processes=2),
    ):
        pass


def test_a_cluster_without_workers_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    distributed = pytest.importorskip("distributed")
    monkeypatch.setattr("training.study.clusters.CONNECT_SECONDS", 1)
    with (
        distributed.LocalCluster(n_workers=0, dashboard_address=None, host="127.0.0.1") as empty,
        pytest.raises(NoCluster, match="has no workers"),
        backend(empty.scheduler_address, processes=2),
    ):
        pass


def test_without_dask_the_command_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(NoCluster, match="pip install"), backend("local", processes=2):
        pass
