"""The models of the study by name: the nine that it had, and the challengers.

Trees take absent values as they are; models that cannot, get the median of the training rows.
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
LEAF: Final = 3
SHRINKAGE: Final = 0.1
SCALE: Final = 0.125
"""What gamma="scale" is for eight scaled features."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A model of the study.

    `build(size, seed, **settings)` returns it unfitted. Of `grid` all is searched in a full run,
    the first and last value of each setting in a quick one. With `extras` it takes all features of
    its task and absence is made to tell nothing, without it takes the core ones. With `tempered`
    its scores become probabilities by a temperature that is found on folds, which leaves the best
    genre the best. `bounded` models learn from at most `Size.svc_rows` rows.
    """

    key: str
    name: str
    kind: str
    build: Callable[..., BaseEstimator]
    grid: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    note: str = ""
    extras: bool = False
    tempered: bool = False
    bounded: bool = False

    def values(self, size: Size) -> Mapping[str, tuple[Any, ...]]:
        """Return the values that are searched in a run of this size."""
        if size.thorough:
            return self.grid
        return {name: (values[0], values[-1]) for name, values in self.grid.items()}

    def columns(self, task: Task) -> tuple[int, ...]:
        """Return the columns of the features that it takes, of the schema's."""
        names = task.features if self.extras else CORE
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


def _nystroem_svc(size: Size, seed: int, gamma: float = SCALE, **settings: Any) -> BaseEstimator:
    kernel = Nystroem(gamma=gamma, n_components=size.components, random_state=seed)
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
    """Return boosted trees; the honest part uses them as they are here."""
    chosen = {"max_iter": size.rounds, "learning_rate": SHRINKAGE} | settings
    return HistGradientBoostingClassifier(early_stopping=False, random_state=seed, **chosen)


def forest(size: Size, seed: int) -> BaseEstimator:
    """Return the study's recipe as the honest part uses it."""
    return _forest(size, seed, min_samples_leaf=LEAF)


def _blend(size: Size, seed: int) -> BaseEstimator:
    parts = [
        ("forest", forest(size, seed)),
        ("extra trees", _extra_trees(size, seed, min_samples_leaf=LEAF)),
        ("boosting", boosting(size, seed)),
    ]
    return VotingClassifier(parts, voting="soft")


TEMPERED: Final = "scores become probabilities by a temperature found on the folds"
NYSTROEM: Final = "linear on a Nystroem approximation of the kernel"

SEARCHED_BOOSTING: Final = {"max_leaf_nodes": (15, 31), "learning_rate": (0.05, SHRINKAGE)}

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
    Candidate("svc", "one-vs-rest SVC, baseline", STUDY, _kernel_svc, note=TEMPERED, tempered=True),
    Candidate(
        "svc-grid",
        "one-vs-rest SVC, grid-searched",
        STUDY,
        _kernel_svc,
        {"C": (0.5, 1.0, 2.0, 5.0), "gamma": (0.06, SCALE, 0.25)},
        note=TEMPERED,
        tempered=True,
    ),
)
_APPROXIMATE: Final = (
    Candidate(
        "svc",
        "one-vs-rest SVC, baseline",
        STUDY,
        _nystroem_svc,
        note=f"{NYSTROEM}; {TEMPERED}",
        tempered=True,
        bounded=True,
    ),
    Candidate(
        "svc-grid",
        "one-vs-rest SVC, grid-searched",
        STUDY,
        _nystroem_svc,
        {"C": (1.0, 10.0), "gamma": (0.06, SCALE, 0.25)},
        note=f"{NYSTROEM}; {TEMPERED}",
        tempered=True,
        bounded=True,
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
        extras=True,
    ),
    Candidate(
        "boosting",
        "gradient boosting",
        CHALLENGER,
        boosting,
        SEARCHED_BOOSTING,
        extras=True,
    ),
    Candidate(
        "boosting-tempered",
        "gradient boosting, calibrated",
        CHALLENGER,
        boosting,
        SEARCHED_BOOSTING,
        note=TEMPERED,
        extras=True,
        tempered=True,
    ),
    Candidate(
        "blend",
        "blend",
        CHALLENGER,
        _blend,
        note="the mean of forest, extra trees and boosting",
        extras=True,
    ),
)
FEW_GENRES: Final = 3
"""With more, a kernel SVC on all rows does not end."""

KEYS: Final = (*(one.key for one in (*_BEFORE, *_KERNEL, *_AFTER)), ENSEMBLE)


def candidates(genres: int) -> tuple[Candidate, ...]:
    """Return the scikit-learn models of a task with so many genres, the study's nine first."""
    return (*_BEFORE, *(_KERNEL if genres <= FEW_GENRES else _APPROXIMATE), *_AFTER)
