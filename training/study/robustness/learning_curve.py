"""Measures learning curves: scores by share of the training artists."""

from typing import Final

from training.figures import ENSEMBLE
from training.split import groups, share_of
from training.study.eval_sets import eval_set, training_rows
from training.study.job_cache import Job, JobCache
from training.study.model_evaluation import Scores
from training.study.robustness.fits import BUILDS, core_features_job, ensemble_job
from training.study.robustness.results import LearningPoint
from training.study.workspace import Workspace

TRAIN: Final = "train"
TEST: Final = "test"


def learning(job_cache: JobCache, workspace: Workspace) -> tuple[LearningPoint, ...]:
    """Measure models that are trained on increasing shares of the training artists."""
    shares = workspace.size.learning_curve_shares
    points = [(share, model) for share in shares for model in (*BUILDS, ENSEMBLE)]
    jobs = [_job(workspace, share, model) for share, model in points]
    scores = job_cache.run_all(f"{workspace.task.name}: learning curve", jobs)
    return tuple(
        LearningPoint(
            task=workspace.task.name,
            model=model,
            share=share,
            rows=score.rows,
            train=score.figures[TRAIN],
            test=score.figures[TEST],
        )
        for (share, model), score in zip(points, scores, strict=True)
    )


def _job(workspace: Workspace, share: float, model: str) -> Job[Scores]:
    rows = workspace.train[groups(workspace.train).map(_draw) < share]
    labelled_train = training_rows(rows, workspace.task)
    genres = workspace.task.genres
    eval_sets = {
        TRAIN: eval_set(labelled_train, genres).core_only(),
        TEST: eval_set(workspace.test, genres).core_only(),
    }
    if model == ENSEMBLE:
        return ensemble_job(rows, workspace.task, eval_sets, workspace)
    return core_features_job(model, labelled_train, genres, eval_sets, workspace)


def _draw(group: str) -> float:
    """Return a number from 0 to 1 that depends only on the group's name."""
    return share_of(group, "learning")
