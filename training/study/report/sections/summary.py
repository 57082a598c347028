"""The study in three sentences."""

from typing import Final

from model.metrics import Figures, Slice
from training.study.report import formats
from training.study.report.blocks import FEW, paragraph, section, strong
from training.study.report.html import Markup, Node
from training.study.report.names import find, of_task
from training.study.results import ModelReport, Report, TaskReport
from training.study.robustness.results import Robustness

PARTS: Final = {
    Slice.ARTIST_NAMED: "songs by named artists that it never heard",
    Slice.NO_SHARED_CREDIT: "of these, by artists who lead no other credit that it heard",
    Slice.NO_ARTIST_NAMED: "songs without a named artist, which are split by upload or recording, so that it may "
    "have heard the artist",
}
TUNED: Final = (
    " Its settings were compared on these very test songs, which flatters it a little; those of "
    "the others were searched on the folds alone."
)


def summary(report: Report) -> Markup:
    """Return the section."""
    sentences = [_task(task) for task in report.tasks]
    sentences.append(_honest(report.honest) if report.honest else _findings(report))
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
        _beside(task, best),
        ", its first guess is right for ",
        strong(formats.share(best.test.accuracy)),
        _further(best.test),
        ".",
        _parts(best),
        TUNED if best.kind == "shipped" else "",
    ]


def _lead(task: TaskReport, best: ModelReport) -> str:
    """Say how far the best is ahead of the next on the folds, and what chance may do."""
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


def _parts(model: ModelReport) -> str:
    """Say how it does on songs whose artist it never heard, and on those of which nobody knows."""
    told = [
        f"{formats.score(figures.weighted_f1)} on {formats.count(figures.rows)} {words}"
        for name, words in PARTS.items()
        if (figures := model.parts.get(name))
    ]
    return f" Apart it is {'; '.join(told)}." if told else ""


def _beside(task: TaskReport, best: ModelReport) -> str:
    """Name the best of the study's nine and the shipped model, unless they are the best."""
    others = {
        "the best of the study's nine": find(task, task.best_of_study),
        "the shipped model": next((one for one in task.models if one.kind == "shipped"), None),
    }
    told = [
        f"{words}, {model.name}: {formats.score(model.test.weighted_f1)}"
        for words, model in others.items()
        if model and model is not best
    ]
    return f" ({'; '.join(told)})" if told else ""


def _further(figures: Figures) -> Node:
    if len(figures.auc) > FEW:
        return [" and one of the first three for ", strong(formats.share(figures.top_3))]
    areas = [f"{formats.score(auc)} for {genre}" for genre, auc in figures.auc.items()]
    return f" and the area under its ROC curve is {formats.listed(areas)}"


def _honest(honest: Robustness) -> list[Node]:
    seen = next((one for one in honest.absence if one.as_they_are), None)
    real = next((one for one in honest.absence if not one.as_they_are and not one.hidden), None)
    sentence: list[Node] = []
    if seen and real:
        sentence += [
            "A careless test flatters: with every table's gaps in view a model seems to reach ",
            strong(formats.score(seen.careless.weighted_f1)),
            ", but when gaps tell nothing it is worth ",
            strong(formats.score(real.careless.weighted_f1)),
            f" and ours {formats.score(real.ours.weighted_f1)}",
        ]
    if honest.tables:
        away = sorted(one.ours.weighted_f1 for one in honest.tables)
        sentence += [
            "; " if sentence else "",
            "on a table it was not trained on, ours reaches ",
            strong(f"{formats.score(away[0])} to {formats.score(away[-1])}"),
        ]
    return [*sentence, "."] if sentence else []


def _findings(report: Report) -> list[Node]:
    verdicts = [finding.verdict for task in report.exploration[:1] for finding in task.findings]
    held = verdicts.count("confirmed")
    return [f"Of the study's {len(verdicts)} findings about its songs, {held} hold for these."]
