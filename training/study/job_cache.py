"""Many independent pieces of work: shared out by joblib, each result kept as soon as it is there.

A piece is a function of this package with its arguments; it gives a value that `json_codec` can write.
Results are kept as JSON beside the report, under a key made of the arguments, the source of every
module the function is made of, and the versions of the libraries that decide numbers. So a run that
was stopped goes on where it was, and a change of code or data works out what it touches again.
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
OURS: Final = ("training", "model")


@dataclass(frozen=True, slots=True)
class Job(Generic[T]):
    """One piece of work: `function(*arguments)` gives a `kind`."""

    kind: type[T]
    function: Callable[..., T]
    arguments: tuple[Any, ...]

    def key(self) -> str:
        """Return what the result is kept under."""
        libraries = tuple(version(name) for name in LIBRARIES)
        module = self.function.__module__
        named = (module, self.function.__qualname__, sources(module), libraries)
        return str(joblib.hash((named, self.arguments)))

    def work(self) -> str:
        """Do it, on one thread so that numbers do not depend on the machine; return JSON."""
        started = time.process_time()
        with threadpool_limits(limits=1):
            value = json_codec.dumps(self.function(*self.arguments))
        return json_codec.dumps(_Kept(round(time.process_time() - started, 2), value))


@dataclass(frozen=True, slots=True)
class _Kept:
    """A result on disk: the JSON of its value, and the processor's seconds that it took."""

    seconds: float
    value: str


@dataclass(frozen=True, slots=True)
class _Result(Generic[T]):
    """The same, read."""

    seconds: float
    value: T


class JobCache:
    """Does pieces, `processes` at a time, by whichever joblib backend is active."""

    def __init__(self, kept: Path, processes: int) -> None:
        """Keep results in the folder `kept`; `stages` are the processor's seconds by title."""
        self.stages: dict[str, float] = {}
        kept.mkdir(parents=True, exist_ok=True)
        self._kept = kept
        self._processes = processes

    def do(self, title: str, pieces: Sequence[Job[T]]) -> list[T]:
        """Return the result of each piece, in order; the progress bar is called `title`."""
        paths = [self._kept / f"{piece.key()}.json" for piece in pieces]
        by_path = dict(zip(paths, pieces, strict=True))
        done = {path: found for path, piece in by_path.items() if (found := _read(path, piece))}
        missing = {path: piece for path, piece in by_path.items() if path not in done}
        with tqdm(total=len(pieces), desc=title, unit="piece") as bar:
            bar.update(len(pieces) - len(missing))
            for path, text in self._results(missing):
                _write(path, text)
                done[path] = _result(by_path[path], text)
                bar.update()
        self.stages[title] = round(sum(result.seconds for result in done.values()), 1)
        return [done[path].value for path in paths]

    def _results(self, pieces: dict[Path, Job[T]]) -> Iterator[tuple[Path, str]]:
        parallel = joblib.Parallel(n_jobs=self._processes, return_as="generator_unordered")
        yield from parallel(joblib.delayed(_named)(path, piece) for path, piece in pieces.items())


def _named(path: Path, piece: Job[Any]) -> tuple[Path, str]:
    return path, piece.work()


def _read(path: Path, piece: Job[T]) -> _Result[T] | None:
    """Return what is kept of a piece; what is not there or cannot be read is worked out again."""
    try:
        return _result(piece, path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _result(piece: Job[T], text: str) -> _Result[T]:
    """Read what `Job.work` wrote; raises ValueError."""
    kept = json_codec.loads(_Kept, text)
    return _Result(kept.seconds, json_codec.loads(piece.kind, kept.value))


def _write(path: Path, text: str) -> None:
    """Write whole or not at all."""
    scratch = path.with_suffix(".new")
    scratch.write_text(text, encoding="utf-8")
    scratch.replace(path)


@cache
def sources(module: str) -> str:
    """Return a digest of a module's source and of all of ours that it imports, directly or not."""
    seen: dict[str, str] = {}
    waiting = [module]
    while waiting:
        name = waiting.pop()
        if name in seen or (path := _source_file(name)) is None:
            continue
        seen[name] = path.read_text(encoding="utf-8")
        waiting += [one for one in _imports(seen[name]) if one.split(".")[0] in OURS]
    return str(joblib.hash(sorted(seen.items())))


def _source_file(name: str) -> Path | None:
    """Return the file of a module; None for a name within a module."""
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
