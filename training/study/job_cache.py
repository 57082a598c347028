"""Runs independent jobs in parallel with joblib and caches each result on disk as it completes.

A job is a function of this package with its arguments; its result can be encoded by `json_codec`.
Results are stored as JSON beside the report. The key of a result is a digest of the arguments, the
source of the function's module and of all our modules that it imports, and the versions of the
numerical libraries. An interrupted run therefore resumes where it stopped, and a change of code or
data invalidates only the results that depend on it.
"""

import ast
import importlib.util
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

import joblib
from threadpoolctl import threadpool_limits
from tqdm import tqdm

from training import json_codec

T = TypeVar("T")

LIBRARIES: Final = ("numpy", "pandas", "scikit-learn", "scipy")
OWN_PACKAGES: Final = ("training", "model")


@dataclass(frozen=True, slots=True)
class Job(Generic[T]):
    """A function call, `function(*arguments)`, that returns a `kind`."""

    kind: type[T]
    function: Callable[..., T]
    arguments: tuple[Any, ...]

    def key(self) -> str:
        """Return the key of the result in the cache."""
        libraries = tuple(version(name) for name in LIBRARIES)
        module = self.function.__module__
        named = (module, self.function.__qualname__, sources(module), libraries)
        return str(joblib.hash((named, self.arguments)))

    def run(self) -> str:
        """Run the job and return its result as JSON.

        It runs on one thread, so that results do not depend on the number of processors.
        """
        started = time.process_time()
        with threadpool_limits(limits=1):
            value = json_codec.dumps(self.function(*self.arguments))
        return json_codec.dumps(_StoredResult(round(time.process_time() - started, 2), value))


@dataclass(frozen=True, slots=True)
class _StoredResult:
    """A result on disk: the processor time of the job in seconds, and its value as JSON."""

    seconds: float
    value: str


@dataclass(frozen=True, slots=True)
class _Result(Generic[T]):
    """A result: the processor time of the job in seconds, and its value."""

    seconds: float
    value: T


class JobCache:
    """Runs jobs with the active joblib backend and caches their results.

    Attributes:
        stages: Total processor time of the jobs by title, in seconds.
    """

    def __init__(self, folder: Path, processes: int) -> None:
        """Store results in `folder`; run `processes` jobs at a time."""
        self.stages: dict[str, float] = {}
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._processes = processes

    def run_all(self, title: str, jobs: Sequence[Job[T]]) -> list[T]:
        """Return the results of the jobs, in order; `title` is shown at the progress bar."""
        paths = [self._folder / f"{job.key()}.json" for job in jobs]
        by_path = dict(zip(paths, jobs, strict=True))
        done = {path: found for path, job in by_path.items() if (found := _read(path, job))}
        missing = {path: job for path, job in by_path.items() if path not in done}
        with tqdm(total=len(jobs), desc=title, unit="job") as bar:
            bar.update(len(jobs) - len(missing))
            for path, text in self._results(missing):
                _write(path, text)
                done[path] = _result(by_path[path], text)
                bar.update()
        self.stages[title] = round(sum(result.seconds for result in done.values()), 1)
        return [done[path].value for path in paths]

    def _results(self, jobs: dict[Path, Job[T]]) -> Iterator[tuple[Path, str]]:
        parallel = joblib.Parallel(n_jobs=self._processes, return_as="generator_unordered")
        yield from parallel(joblib.delayed(_run)(path, job) for path, job in jobs.items())


def _run(path: Path, job: Job[Any]) -> tuple[Path, str]:
    return path, job.run()


def _read(path: Path, job: Job[T]) -> _Result[T] | None:
    """Return the stored result of a job; None if there is none or it cannot be read."""
    try:
        return _result(job, path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _result(job: Job[T], text: str) -> _Result[T]:
    """Parse the JSON that `Job.run` returned; raises ValueError."""
    stored = json_codec.loads(_StoredResult, text)
    return _Result(stored.seconds, json_codec.loads(job.kind, stored.value))


def _write(path: Path, text: str) -> None:
    """Write the file atomically."""
    scratch = path.with_suffix(".new")
    scratch.write_text(text, encoding="utf-8")
    scratch.replace(path)


@cache
def sources(module: str) -> str:
    """Return a digest of the source of a module and of all our modules that it imports."""
    seen: dict[str, str] = {}
    waiting = [module]
    while waiting:
        name = waiting.pop()
        if name in seen or (path := _source_file(name)) is None:
            continue
        seen[name] = path.read_text(encoding="utf-8")
        waiting += [one for one in _imports(seen[name]) if one.split(".")[0] in OWN_PACKAGES]
    return str(joblib.hash(sorted(seen.items())))


def _source_file(name: str) -> Path | None:
    """Return the source file of a module; None if `name` is not a module."""
    try:
        spec = importlib.util.find_spec(name)
    except ModuleNotFoundError:
        return None
    return Path(spec.origin) if spec and spec.origin and spec.has_location else None


def _imports(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
