"""Measures the study's way with a table: pandas reads it, a forest classifies it, pandas writes.

Runs in a process of its own:

python -m tests.bench.forest SOURCE TARGET

The forest has the settings of `training/baseline.py`, but is fitted on fewer songs than the
study's, which makes it faster, and random ones. Fitting is not part of the time.
"""

import sys
import time
from typing import Any

import numpy as np
import pandas as pd
from sklearn.ensemble import RandomForestClassifier

from model.genres import WIDE
from model.schema import CORE
from training.baseline import MIN_SAMPLES_LEAF, TREES

SONGS = 20_000
PROCESSES = 2


def fitted() -> Any:
    """Return a forest of the study's kind, fitted on random songs."""
    random = np.random.default_rng(0)
    forest = RandomForestClassifier(
        n_estimators=TREES, min_samples_leaf=MIN_SAMPLES_LEAF, n_jobs=PROCESSES, random_state=0
    )
    songs = random.random((SONGS, len(CORE)), dtype=np.float32)
    return forest.fit(songs, random.integers(len(WIDE), size=SONGS))


def classify(forest: Any, source: str, target: str) -> None:
    """Classify a table, from CSV to CSV."""
    songs = pd.read_csv(source)
    probabilities = forest.predict_proba(songs[list(CORE)].to_numpy(dtype=np.float32))
    results = pd.DataFrame(probabilities, columns=list(WIDE))
    results.insert(0, "genre", np.array(WIDE)[probabilities.argmax(axis=1)])
    results.to_csv(target, index=False)


if __name__ == "__main__":
    model = fitted()
    start = time.perf_counter()
    classify(model, *sys.argv[1:])
    print(time.perf_counter() - start)
