"""Retrains a weakened model on simulated votes, as a process, and measures what it became."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from model.classifier import Classifier
from model.metrics import Figures
from model.store import BundleStore
from tests.bench.learning import people
from tests.bench.learning.people import SimulatedVote
from tests.support.bot_process import bot_environment
from training.evaluation import codes, figures
from training.features import Matrix, matrix
from training.tasks import Task

NAME: Final = "wide"
TIME_LIMIT: Final = 1800
"""Seconds."""

MEASURED: Final = """
import resource, subprocess, sys
code = subprocess.call(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
sys.exit(code)
"""
"""Runs a command and prints its peak resident memory in KiB.

In a process of its own: on Linux, a child's peak is at least the memory of the process that forked.
"""


@dataclass(frozen=True, slots=True)
class TestSongs:
    """Songs by artists that no model and no simulated person knows."""

    values: Matrix
    truth: npt.NDArray[np.intp]
    genres: tuple[str, ...]

    @classmethod
    def of(cls, rows: pd.DataFrame, task: Task) -> "TestSongs":
        """Return rows with `truth` as songs."""
        return cls(matrix(rows), codes(rows["truth"], task.genres), task.genres)

    def measure(self, classifier: Classifier) -> Figures:
        """Return the figures of a model with all features that it takes."""
        return figures(classifier.probabilities(self.values), self.truth, self.genres)


@dataclass(frozen=True, slots=True)
class Run:
    """A retraining.

    Attributes:
        votes: Number of votes.
        is_trained: Whether there was enough to train on.
        state: What `train retrain` said of the result.
        reasons: Its reasons.
        active: Figures of the model that is active afterwards.
        candidate: Figures of the candidate, whether promoted or not; those of the active model if
            there was none.
        seconds: Duration of the command.
        megabytes: Peak resident memory of the command.
    """

    votes: int
    is_trained: bool
    state: str
    reasons: Sequence[str]
    active: Figures
    candidate: Figures
    seconds: float
    megabytes: float


def run(folder: Path, bundles: Path, votes: Sequence[SimulatedVote], songs: TestSongs) -> Run:
    """Retrain the current model of the store `bundles` on votes, in a new data folder."""
    data = folder / "var"
    data.mkdir(parents=True)
    people.write(data / "soundslike.db", votes)
    start = BundleStore(bundles).current(NAME)
    environment = bot_environment(folder, MODELS_DIR=str(bundles))
    command = [
        sys.executable,
        "-c",
        MEASURED,
        sys.executable,
        "-m",
        "training",
        "retrain",
        "--json",
    ]
    began = time.perf_counter()
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True,
        timeout=TIME_LIMIT, check=False,
    )  # fmt: skip
    seconds = time.perf_counter() - began
    if done.returncode not in (os.EX_OK, 3):
        raise RuntimeError(done.stderr)
    outcome = json.loads(done.stdout)
    local = BundleStore(data / "models")
    stores = {start: BundleStore(bundles)}

    def measured(version: str) -> Figures:
        return songs.measure(Classifier(stores.get(version, local).load(NAME, version)))

    candidate = measured(outcome["version"])
    active = candidate if outcome["state"] == "active" else measured(start)
    return Run(
        len(votes),
        outcome["changed"],
        outcome["state"],
        outcome["reasons"],
        active,
        candidate,
        seconds,
        int(done.stderr.splitlines()[-1]) / 1024,
    )
