"""Runs independent fits in parallel with joblib, each cached on disk as it completes.

A result is found again if function, arguments, the code of this package and the versions of the
numerical libraries are the same, so a stopped run resumes where it stopped. On a cluster, workers
on other machines keep their results in the same folder, which resumes a run if it is shared.
"""

import shutil
import warnings
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, TypeVar

import joblib
from threadpoolctl import threadpool_limits
from tqdm import tqdm

import training

T = TypeVar("T")

LIBRARIES: Final = ("numpy", "pandas", "scikit-learn", "joblib")
NOT_USED_BY_FITS: Final = ("report", "fetch", "commands")
"""Folders of this package whose code does not change a fit."""


class Jobs:
    """Runs functions with the active joblib backend and caches their results."""

    def __init__(self, folder: Path, processes: int) -> None:
        """Keep results in `folder`, without those of earlier code; run `processes` at a time."""
        current = folder / code_digest()
        for other in folder.glob("*/"):
            if other != current:
                shutil.rmtree(other, ignore_errors=True)
        self._memory = joblib.Memory(current, verbose=0)
        self._processes = processes

    def run(
        self, title: str, function: Callable[..., T], calls: Sequence[tuple[Any, ...]]
    ) -> list[T]:
        """Return the results of `function(*call)` for each call, in order, with progress."""
        if not calls:
            return []
        cached = self._memory.cache(function)
        parallel = joblib.Parallel(n_jobs=self._processes, return_as="generator")
        results = parallel(joblib.delayed(_run)(cached, call) for call in calls)
        return list(tqdm(results, title, total=len(calls), unit="fit"))


def _run(function: Callable[..., T], call: tuple[Any, ...]) -> T:
    # Results must not depend on the number of cores, and processes share them.
    with threadpool_limits(limits=1), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Persisting input arguments")  # half a second is fine
        return function(*call)


def code_digest() -> str:
    """Return a digest of the code that fits depend on, and of the libraries' versions."""
    root = Path(training.__file__).parent
    code = [
        (str(path.relative_to(root)), path.read_text(encoding="utf-8"))
        for path in sorted(root.rglob("*.py"))
        if not set(NOT_USED_BY_FITS).intersection(path.relative_to(root).parts)
    ]
    return str(joblib.hash((code, [version(name) for name in LIBRARIES])))
