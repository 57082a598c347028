"""The scikit-learn models of the study: the nine original ones and the challengers.

Tree models accept missing values; for the others, missing values are replaced by the median of the
training rows.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sklearn.base import BaseEstimator
from sklearn.ensemble import (
    ExtraTreesClassifier,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
    VotingClassifier,
)
from sklearn.impute import SimpleImputer
from sklearn.kernel_approximation import Nystroem
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC, LinearSVC
from sklearn.tree import DecisionTreeClassifier

from model.schema import CORE, NAMES
from training.figures import ENSEMBLE
from training.study.scale import Size
from training.tasks import Task

STUDY: Final = "study"
CHALLENGER: Final = "challenger"
SHIPPED: Final = "shipped"
MIN_SAMPLES_LEAF: Final = 3
LEARNING_RATE: Final = 0.1
GAMMA_SCALE: Final = 0.125
"""The value of gamma="scale" for eight standardised features."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A model of the study.

    Attributes:
        key: Its name on the command line.
        name: Its name in reports.
        kind: `STUDY` or `CHALLENGER`.
        build: `build(size, seed, **settings)` returns the unfitted model.
        grid: Values to search for each hyperparameter. A quick run searches only the first and the
            last value.
        note: What is particular about the model, for the report.
        uses_extras: Whether it takes all features of its task, with random absences in training
            (see `training.features`), instead of the core features alone.
        temperature_scaled: Whether its scores are converted to probabilities by a temperature
            fitted on folds. This does not change the most probable genre.
        limit_rows: Whether it is fitted on at most `Size.svc_rows` rows.
    """

    key: str
    name: str
    kind: str
    build: Callable[..., BaseEstimator]
    grid: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    note: str = ""
    uses_extras: bool = False
    temperature_scaled: bool = False
    limit_rows: bool = False

    def values(self, size: Size) -> Mapping[str, tuple[Any, ...]]:
        """Return the values to search for each hyperparameter in a run of this size."""
        if size.full_grid:
            return self.grid
        return {name: (values[0], values[-1]) for name, values in self.grid.items()}

    def columns(self, task: Task) -> tuple[int, ...]:
        """Return the indices of its features in the schema."""
        names = task.features if self.uses_extras else CORE
        return tuple(NAMES.index(name) for name in names)


def _scaled(*steps: BaseEstimator) -> Pipeline:
    return make_pipeline(SimpleImputer(strategy="median"), StandardScaler(), *steps)


def _neighbours(_size: Size, _seed: int) -> BaseEstimator:
    return _scaled(KNeighborsClassifier())


def _logistic(_size: Size, _seed: int, **settings: Any) -> BaseEstimator:
    return _scaled(LogisticRegression(max_iter=1000, **settings))


def _kernel_svc(_size: Size, seed: int, **settings: Any) -> BaseEstimator:
    kernel = SVC(cache_size=400, random_state=seed)
    return _scaled(OneVsRestClassifier(kernel.set_params(**settings)))


def _nystroem_svc(
    size: Size, seed: int, gamma: float = GAMMA_SCALE, **settings: Any
) -> BaseEstimator:
    kernel = Nystroem(gamma=gamma, n_components=size.nystroem_components, random_state=seed)
    return _scaled(kernel, LinearSVC(max_iter=5000, random_state=seed, **settings))


def _bayes(_size: Size, _seed: int) -> BaseEstimator:
    return _scaled(GaussianNB())


def _tree(_size: Size, seed: int) -> BaseEstimator:
    return DecisionTreeClassifier(random_state=seed)


def _forest(size: Size, seed: int, **settings: Any) -> BaseEstimator:
    return RandomForestClassifier(n_estimators=size.trees, random_state=seed, **settings)


def _extra_trees(size: Size, seed: int, **settings: Any) -> BaseEstimator:
    return ExtraTreesClassifier(n_estimators=size.trees, random_state=seed, **settings)


def boosting(size: Size, seed: int, **settings: Any) -> BaseEstimator:
    """Return gradient-boosted trees; the robustness experiments use the default settings."""
    chosen = {"max_iter": size.rounds, "learning_rate": LEARNING_RATE} | settings
    return HistGradientBoostingClassifier(early_stopping=False, random_state=seed, **chosen)


def forest(size: Size, seed: int) -> BaseEstimator:
    """Return the random forest that is the baseline of the robustness experiments."""
    return _forest(size, seed, min_samples_leaf=MIN_SAMPLES_LEAF)


def _blend(size: Size, seed: int) -> BaseEstimator:
    parts = [
        ("forest", forest(size, seed)),
        ("extra trees", _extra_trees(size, seed, min_samples_leaf=MIN_SAMPLES_LEAF)),
        ("boosting", boosting(size, seed)),
    ]
    return VotingClassifier(parts, voting="soft")


TEMPERED: Final = "scores are converted to probabilities by a temperature fitted on the folds"
NYSTROEM: Final = "linear, on a Nystroem approximation of the kernel"

SEARCHED_BOOSTING: Final = {"max_leaf_nodes": (15, 31), "learning_rate": (0.05, LEARNING_RATE)}

_BEFORE: Final = (
    Candidate("neighbours", "k-nearest neighbours", STUDY, _neighbours),
    Candidate("logistic", "logistic regression, baseline", STUDY, _logistic),
    Candidate(
        "logistic-grid",
        "logistic regression, grid-searched",
        STUDY,
        _logistic,
        {"C": (0.01, 0.1, 1.0, 10.0, 100.0)},
    ),
)
_KERNEL: Final = (
    Candidate(
        "svc",
        "one-vs-rest SVC, baseline",
        STUDY,
        _kernel_svc,
        note=TEMPERED,
        temperature_scaled=True,
    ),
    Candidate(
        "svc-grid",
        "one-vs-rest SVC, grid-searched",
        STUDY,
        _kernel_svc,
        {"C": (0.5, 1.0, 2.0, 5.0), "gamma": (0.06, GAMMA_SCALE, 0.25)},
        note=TEMPERED,
        temperature_scaled=True,
    ),
)
_APPROXIMATE: Final = (
    Candidate(
        "svc",
        "one-vs-rest SVC, baseline",
        STUDY,
        _nystroem_svc,
        note=f"{NYSTROEM}; {TEMPERED}",
        temperature_scaled=True,
        limit_rows=True,
    ),
    Candidate(
        "svc-grid",
        "one-vs-rest SVC, grid-searched",
        STUDY,
        _nystroem_svc,
        {"C": (1.0, 10.0), "gamma": (0.06, GAMMA_SCALE, 0.25)},
        note=f"{NYSTROEM}; {TEMPERED}",
        temperature_scaled=True,
        limit_rows=True,
    ),
)
_AFTER: Final = (
    Candidate("bayes", "naive Bayes", STUDY, _bayes),
    Candidate("tree", "decision tree", STUDY, _tree),
    Candidate("forest", "random forest, baseline", STUDY, _forest),
    Candidate(
        "forest-grid",
        "random forest, grid-searched",
        STUDY,
        _forest,
        {"min_samples_leaf": (2, 5, 10), "max_features": (2, 4)},
    ),
    Candidate(
        "extra-trees",
        "extra trees",
        CHALLENGER,
        _extra_trees,
        {"min_samples_leaf": (1, 3), "max_features": (2, 4)},
        uses_extras=True,
    ),
    Candidate(
        "boosting",
        "gradient boosting",
        CHALLENGER,
        boosting,
        SEARCHED_BOOSTING,
        uses_extras=True,
    ),
    Candidate(
        "boosting-tempered",
        "gradient boosting, calibrated",
        CHALLENGER,
        boosting,
        SEARCHED_BOOSTING,
        note=TEMPERED,
        uses_extras=True,
        temperature_scaled=True,
    ),
    Candidate(
        "blend",
        "blend",
        CHALLENGER,
        _blend,
        note="the mean of forest, extra trees and boosting",
        uses_extras=True,
    ),
)
FEW_GENRES: Final = 3
"""Maximum number of genres for an exact kernel SVC; with more it takes too long on all rows."""

KEYS: Final = (*(one.key for one in (*_BEFORE, *_KERNEL, *_AFTER)), ENSEMBLE)


def candidates(genres: int) -> tuple[Candidate, ...]:
    """Return the models of a task with `genres` genres, the original nine first."""
    return (*_BEFORE, *(_KERNEL if genres <= FEW_GENRES else _APPROXIMATE), *_AFTER)
