"""The baseline: the random forest of the original study, on the core features."""

from typing import Any, Final

import numpy as np
import pandas as pd
from scipy.special import softmax
from sklearn.ensemble import RandomForestClassifier

from model.schema import CORE
from training.evaluation import Predict, codes, taught_rows
from training.features import Matrix, matrix
from training.tasks import Task

TREES: Final = 300
MIN_SAMPLES_LEAF: Final = 3


def fit_baseline(rows: pd.DataFrame, task: Task, seed: int) -> Predict:
    """Fit the baseline on the training rows with a genre of `task`; returns its predict function.

    It takes the tables' labels as they are, each recording with one genre once. A genre
    that no table reads has the probability 0.
    """
    labelled = taught_rows(rows, task)
    forest = RandomForestClassifier(
        n_estimators=TREES, min_samples_leaf=MIN_SAMPLES_LEAF, n_jobs=2, random_state=seed
    )
    forest.fit(matrix(labelled)[:, : len(CORE)], codes(labelled["genre"], task.genres))

    predict = classifier(forest, len(task.genres))
    return lambda values: predict(values[:, : len(CORE)])


def classifier(model: Any, genres: int) -> Predict:
    """Return the predict function of a fitted model, for all genres.

    A genre without training rows has probability 0; a model without probabilities gives the softmax
    of its scores.
    """

    def predict(values: Matrix) -> Matrix:
        if hasattr(model, "predict_proba"):
            found = model.predict_proba(values)
        else:
            found = softmax(model.decision_function(values), axis=1)
        probabilities = np.zeros((len(values), genres), np.float32)
        probabilities[:, model.classes_] = found
        return probabilities

    return predict
