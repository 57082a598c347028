"""Section that summarises the study in a few sentences."""

from typing import Final

from model.metrics import Figures, Slice
from training.study.report import formats
from training.study.report.blocks import MAX_GENRES_TOGETHER, paragraph, section, strong
from training.study.report.html import Markup, Node
from training.study.report.names import find, of_task
from training.study.results import ModelReport, Report, TaskReport
from training.study.robustness.results import Robustness

SLICES: Final = {
    Slice.ARTIST_NAMED: "songs by named artists that are not in training",
    Slice.NO_SHARED_CREDIT: "of these whose first-named artist leads no credit in training",
    Slice.NO_ARTIST_NAMED: "songs without a named artist, which are split by upload or recording, "
    "so that the artist may be in training",
}
SELECTION_NOTE: Final = (
    " Its settings were compared on these same test songs, so its figures are slightly optimistic; "
    "those of the others were searched on the folds alone."
)


def summary(report: Report) -> Markup:
    """Return the section."""
    sentences = [_task(task) for task in report.tasks]
    sentences.append(_robustness(report.robustness) if report.robustness else _findings(report))
    leads = [paragraph(sentence, kind="lead") for sentence in sentences if sentence]
    return section("summary", "In short", leads)


def _task(task: TaskReport) -> list[Node]:
    best = find(task, task.best)
    if best is None:
        return []
    return [
        f"On {of_task(len(task.genres))}, {best.name} scored highest on the folds",
        _lead(task, best),
        f": on {formats.count(best.test.rows)} test songs its weighted F1 is ",
        strong(formats.score(best.test.weighted_f1)),
        _compared(task, best),
        ", its first guess is correct for ",
        strong(formats.share(best.test.accuracy)),
        _further(best.test),
        ".",
        _slices(best),
        SELECTION_NOTE if best.kind == "shipped" else "",
    ]


def _lead(task: TaskReport, best: ModelReport) -> str:
    """Return the best model's lead on the folds, and whether it may be chance."""
    rivals = [model for model in task.models if model.fold and model is not best]
    if best.fold is None or not rivals:
        return ""
    first, rival = best.fold, max(rivals, key=_on_folds)
    beyond = _on_folds(best) - _on_folds(rival) > first.error
    return (
        f" ({formats.score(first.weighted_f1)}, standard error {formats.score(first.error)}; "
        f"{rival.name} {formats.score(_on_folds(rival))}"
        + (")" if beyond else ", so the lead may be chance)")
    )


def _on_folds(model: ModelReport) -> float:
    return model.fold.weighted_f1 if model.fold else 0.0


def _slices(model: ModelReport) -> str:
    """Return a sentence on the weighted F1 with and without a named artist."""
    phrases = [
        f"{formats.score(figures.weighted_f1)} on {formats.count(figures.rows)} {words}"
        for name, words in SLICES.items()
        if (figures := model.slices.get(name))
    ]
    return f" By slice, its weighted F1 is {'; '.join(phrases)}." if phrases else ""


def _compared(task: TaskReport, best: ModelReport) -> str:
    """Return the scores of the best original model and of the shipped model, if not the best."""
    others = {
        "the best of the original nine": find(task, task.best_of_study),
        "the shipped model": next((one for one in task.models if one.kind == "shipped"), None),
    }
    phrases = [
        f"{words}, {model.name}: {formats.score(model.test.weighted_f1)}"
        for words, model in others.items()
        if model and model is not best
    ]
    return f" ({'; '.join(phrases)})" if phrases else ""


def _further(figures: Figures) -> Node:
    if len(figures.auc) > MAX_GENRES_TOGETHER:
        return [" and one of the first three for ", strong(formats.share(figures.top_3))]
    areas = [f"{formats.score(auc)} for {genre}" for genre, auc in figures.auc.items()]
    return f" and the area under its ROC curve is {formats.listed(areas)}"


def _robustness(robustness: Robustness) -> list[Node]:
    leaky = next((one for one in robustness.absence if one.unmodified), None)
    filled = next((one for one in robustness.absence if not (one.unmodified or one.hidden)), None)
    sentence: list[Node] = []
    if leaky and filled:
        sentence += [
            (
                "Missing features reveal the table: a model that was trained and tested on "
                "unmodified rows reaches "
            ),
            strong(formats.score(leaky.leaky.weighted_f1)),
            ", but only ",
            strong(formats.score(filled.leaky.weighted_f1)),
            (
                " when missing values are filled, where the shipped model reaches "
                f"{formats.score(filled.shipped.weighted_f1)}"
            ),
        ]
    if robustness.tables:
        scores = sorted(one.shipped.weighted_f1 for one in robustness.tables)
        sentence += [
            "; on" if sentence else "On",
            " a table that is not in training, the shipped model reaches ",
            strong(f"{formats.score(scores[0])} to {formats.score(scores[-1])}"),
        ]
    return [*sentence, "."] if sentence else []


def _findings(report: Report) -> list[Node]:
    verdicts = [finding.verdict for task in report.exploration[:1] for finding in task.findings]
    confirmed = verdicts.count("confirmed")
    return [
        (
            f"Of the original study's {len(verdicts)} findings about its songs, {confirmed} are "
            "confirmed on these."
        )
    ]
