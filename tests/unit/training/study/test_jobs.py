from pathlib import Path

import pytest

from training.study import jobs
from training.study.jobs import Jobs

CALLS: list[int] = []


def square(value: int) -> int:
    CALLS.append(value)
    if value < 0:
        raise ValueError(value)
    return value * value


@pytest.fixture(autouse=True)
def calls() -> list[int]:
    CALLS.clear()
    return CALLS


def test_results_are_in_the_order_of_the_calls(tmp_path: Path) -> None:
    assert Jobs(tmp_path, 1).run("squares", square, [(3,), (1,), (2,)]) == [9, 1, 4]
    assert Jobs(tmp_path, 1).run("squares", square, []) == []


def test_stopped_run_resumes_where_it_stopped(tmp_path: Path, calls: list[int]) -> None:
    with pytest.raises(ValueError, match="-1"):
        Jobs(tmp_path, 1).run("squares", square, [(2,), (3,), (-1,)])
    calls.clear()
    assert Jobs(tmp_path, 1).run("squares", square, [(2,), (3,), (4,)]) == [4, 9, 16]
    assert calls == [4]


def test_results_of_other_code_are_not_used_and_removed(
    tmp_path: Path, calls: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    Jobs(tmp_path, 1).run("squares", square, [(2,)])
    monkeypatch.setattr(jobs, "code_digest", lambda: "other")
    assert Jobs(tmp_path, 1).run("squares", square, [(2,)]) == [4]
    assert calls == [2, 2]
    assert [path.name for path in tmp_path.iterdir()] == ["other"]


def test_report_and_commands_do_not_change_the_digest_of_the_code() -> None:
    assert jobs.code_digest() == jobs.code_digest()
    root = Path(jobs.__file__).parents[1]
    assert all((root / "study" / name).exists() for name in ("report", "run.py"))
    assert set(jobs.NOT_USED_BY_FITS) <= {path.name for path in root.rglob("*") if path.is_dir()}
