"""The scikit-learn models of the study (see `candidates.toml`), on the core features."""

import time
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import sklearn
from sklearn.base import BaseEstimator, clone
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.kernel_approximation import Nystroem
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import make_scorer
from sklearn.model_selection import GridSearchCV, GroupKFold
from sklearn.multiclass import OneVsRestClassifier
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC, LinearSVC
from sklearn.tree import DecisionTreeClassifier
from sklearn.utils import resample

from training.baseline import classifier
from training.evaluation import Codes
from training.features import Matrix
from training.study import measure
from training.study.core import Predicted, row_ms, stored_bytes
from training.study.sizes import Size

CANDIDATES: Final = Path(__file__).parent / "candidates.toml"
OURS: Final = "ensemble"
"""Key of our model."""

FEW_GENRES: Final = 3
"""Maximum number of genres for an exact kernel SVC; with more it takes too long."""

RESAMPLED: Final = "resampled"
TREES: Final = ("tree", "forest", "forest-grid", "boosting")


@dataclass(frozen=True, slots=True)
class Samples:
    """Training rows as arrays: core features, label, truth (-1 unknown), artist, search or not."""

    values: Matrix
    label: Codes
    truth: Codes
    artist: Codes
    searched: npt.NDArray[np.bool_]


@cache
def candidates() -> dict[str, dict[str, Any]]:
    """Return the content of `candidates.toml` by key, the original nine first."""
    return tomllib.loads(CANDIDATES.read_text(encoding="utf-8"))


def keys() -> tuple[str, ...]:
    """Return the keys of all models."""
    return (*candidates(), OURS)


def note(key: str, size: Size, genres: int, rows: int) -> str:
    """Return what is particular about a model of a task with `rows` training rows."""
    notes = ["kernel approximated"] if key.startswith("svc") and genres > FEW_GENRES else []
    limit = _limit(key, size, rows)
    return "; ".join([*notes, *([f"trained on {limit:,} rows"] if limit < rows else [])])


def fit_candidate(
    key: str, train: Samples, tests: Mapping[str, Matrix], genres: int, size: Size, seed: int
) -> Predicted:
    """Search a model's settings, fit it on the training rows, and predict each of `tests`.

    The test "resampled" is "core" by the same model, fitted with rows of rare genres repeated.
    """
    started = time.perf_counter()
    search = _search(key, genres, size, seed)
    some = np.flatnonzero(train.searched)[: _limit(key, size, len(train.label))]
    # With routing, folds are scored against the truth while the tables' labels are learnt.
    with sklearn.config_context(enable_metadata_routing=True):
        search.fit(
            train.values[some],
            train.label[some],
            groups=train.artist[some],
            truth=train.truth[some],
        )
    chosen = _chosen(key, len(train.label), size, seed)
    model = clone(search.estimator).set_params(**search.best_params_)
    predict = classifier(model.fit(train.values[chosen], train.label[chosen]), genres)
    predicted = {name: predict(values) for name, values in tests.items()}
    milliseconds, stored = row_ms(predict, tests["core"]), stored_bytes(model)
    repeated = oversampled(train.label, chosen, seed)
    model.fit(train.values[repeated], train.label[repeated])
    predicted[RESAMPLED] = predict(tests["core"])
    columns = [f"split{fold}_test_score" for fold in range(size.folds)]
    return Predicted(
        tests=predicted,
        rows=len(chosen),
        bytes=stored,
        seconds=time.perf_counter() - started,
        row_ms=milliseconds,
        folds=tuple(float(search.cv_results_[name][search.best_index_]) for name in columns),
        settings={name.rpartition("__")[2]: value for name, value in search.best_params_.items()},
    )


def fit_fixed(
    key: str,
    values: Matrix,
    label: Codes,
    tests: Mapping[str, Matrix],
    genres: int,
    size: Size,
    seed: int,
) -> Predicted:
    """Fit the forest or the boosted trees with fixed settings, for the experiments."""
    model = _pipeline(key, genres, size, seed)
    if key == "forest":
        model.set_params(model__min_samples_leaf=3)
    chosen = _chosen(key, len(label), size, seed)
    predict = classifier(model.fit(values[chosen], label[chosen]), genres)
    return Predicted({name: predict(own) for name, own in tests.items()}, len(chosen))


def oversampled(label: Codes, chosen: Codes, seed: int) -> Codes:
    """Return `chosen` with random rows of rarer genres repeated until all are equally frequent."""
    by_genre = [chosen[label[chosen] == genre] for genre in np.unique(label[chosen])]
    most = max(map(len, by_genre))
    repeated = [
        resample(own, n_samples=most - len(own), random_state=seed)
        for own in by_genre
        if len(own) < most
    ]
    return np.concatenate([chosen, *repeated])


def _model(key: str, genres: int, size: Size, seed: int) -> BaseEstimator:
    kernel = SVC(cache_size=400, random_state=seed)
    models = {
        "neighbours": KNeighborsClassifier(),
        "logistic": LogisticRegression(max_iter=1000),
        "svc": OneVsRestClassifier(kernel if genres <= FEW_GENRES else LinearSVC()),
        "bayes": GaussianNB(),
        "tree": DecisionTreeClassifier(random_state=seed),
        "forest": RandomForestClassifier(n_estimators=size.trees, random_state=seed),
        "boosting": HistGradientBoostingClassifier(
            max_iter=size.rounds, early_stopping=False, random_state=seed
        ),
    }
    return models[key.removesuffix("-grid")]


def _pipeline(key: str, genres: int, size: Size, seed: int) -> Pipeline:
    """Return the model; distances and margins need scaled features without gaps."""
    steps: list[tuple[str, Any]] = [("model", _model(key, genres, size, seed))]
    if key.startswith("svc") and genres > FEW_GENRES:
        kernel = Nystroem(gamma=0.125, n_components=min(200, size.svc_rows), random_state=seed)
        steps.insert(0, ("kernel", kernel))
    if key not in TREES:
        gaps = SimpleImputer(strategy="median", keep_empty_features=True)
        steps = [("gaps", gaps), ("scale", StandardScaler()), *steps]
    return Pipeline(steps)


def _search(key: str, genres: int, size: Size, seed: int) -> GridSearchCV:
    step = {"C": "model__C", "gamma": "kernel__gamma"}
    if key.startswith("svc"):
        step["C"] = "model__estimator__C"
        step["gamma"] = "kernel__gamma" if genres > FEW_GENRES else "model__estimator__gamma"
    grid = {
        step.get(name, f"model__{name}"): values if size.full_grid else (values[0], values[-1])
        for name, values in candidates()[key].get("grid", {}).items()
    }
    with sklearn.config_context(enable_metadata_routing=True):
        scorer = make_scorer(_score).set_score_request(truth=True)
    folds = GroupKFold(size.folds, shuffle=True, random_state=seed)
    pipeline = _pipeline(key, genres, size, seed)
    return GridSearchCV(pipeline, grid, scoring=scorer, cv=folds, refit=False)


def _score(_label: Codes, predicted: Codes, *, truth: Codes) -> float:
    return measure.weighted_f1(truth, predicted)


def _limit(key: str, size: Size, rows: int) -> int:
    limit = candidates()[key].get("limit")
    return min(rows, getattr(size, limit)) if limit else rows


def _chosen(key: str, rows: int, size: Size, seed: int) -> Codes:
    """Return the random rows that a model is trained on."""
    chosen = np.random.default_rng(seed).permutation(rows)[: _limit(key, size, rows)]
    return np.sort(chosen)
