"""Section on the best model of each task, beside the best of the original study's."""

from training.study.report import formats
from training.study.report.blocks import (
    MAX_GENRES_TOGETHER,
    Cell,
    collapsed,
    figure,
    heat,
    panels,
    section,
    strip,
    swatches,
)
from training.study.report.charts.curves import reliability, roc
from training.study.report.html import Markup, Node, element
from training.study.report.names import of_task, task_heading, winners
from training.study.results import ModelReport, Report, TaskReport


def closer_look(report: Report) -> Markup | None:
    """Return the section; None if no model was run."""
    tasks = [_task(task) for task in report.tasks if winners(task)]
    return section("winners", "The best models in detail", tasks) if tasks else None


def _task(task: TaskReport) -> Markup:
    best, *others = winners(task)
    return element(
        "div",
        task_heading(task, "winners"),
        _curves(task, best, others),
        _confusions(task, best, others),
        figure(
            "Reliability: on the dotted line, the share of correct guesses equals the probability; "
            "the area of a dot is its number of songs",
            panels([[element("h4", one.name), _reliability(one)] for one in (best, *others)]),
        ),
    )


def _reliability(model: ModelReport) -> list[Node]:
    error = formats.score(model.test.calibration_error)
    chart = reliability(model.reliability, f"Reliability of {model.name}")
    return [chart, element("p", f"calibration error {error}", class_="small")]


def _curves(task: TaskReport, best: ModelReport, others: list[ModelReport]) -> Markup:
    charts: list[Node] = []
    for genre, curve in best.roc.items():
        auc = {one.name: one.test.auc[genre] for one in (best, *others) if genre in one.test.auc}
        written = ", ".join(f"{name} {formats.score(value)}" for name, value in auc.items())
        other = next((one.roc.get(genre) for one in others), None)
        drawn = roc(genre, curve, other, f"ROC of {genre}", f"Area under the curve: {written}.")
        own = formats.score(best.test.auc[genre]) if genre in best.test.auc else formats.NO_VALUE
        charts.append([element("h4", f"{genre}: {own}"), drawn])
    lines = {best.name: "var(--ink)"} | {one.name: "dashed" for one in others}
    caption = f"ROC curve of each genre against the rest, and the area under that of {best.name}"
    return figure(caption, swatches(lines), strip(charts, f"ROC, {of_task(len(task.genres))}"))


def _confusions(task: TaskReport, best: ModelReport, others: list[ModelReport]) -> Node:
    if len(task.genres) <= MAX_GENRES_TOGETHER:
        return panels([_confusion(task, model) for model in (best, *others)])
    return [
        collapsed(f"Confusion matrix, {one.name}", _confusion(task, one)) for one in (best, *others)
    ]


def _confusion(task: TaskReport, model: ModelReport) -> Markup:
    rows: dict[str, list[Cell | None]] = {}
    for i, (genre, counts) in enumerate(zip(task.genres, model.confusion, strict=True)):
        total = max(sum(counts), 1)
        rows[f"{genre} ({formats.count(sum(counts))})"] = [
            Cell(formats.share(n / total) if n else "0", n / total, marked=i == j)
            for j, n in enumerate(counts)
        ]
    return heat(
        f"Confusion matrix of test songs, {model.name}",
        "label",
        task.genres,
        rows,
        "A row for each genre by label, with its number of songs; a column for each predicted "
        "genre.",
    )
