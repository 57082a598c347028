"""Section on the misclassifications with the highest probabilities."""

from training.study.report import formats
from training.study.report.blocks import paragraph, section, table
from training.study.report.html import Markup, element
from training.study.report.names import find, of_task, task_heading
from training.study.results import Report, TaskReport


def mistakes(report: Report) -> Markup | None:
    """Return the section; None if there are no misclassifications."""
    tasks = [_task(task) for task in report.tasks if task.mistakes]
    if not tasks:
        return None
    return section(
        "mistakes",
        "Mistakes",
        paragraph(
            "The test songs whose predicted genre differs from the label although the best model "
            "gave it a high probability. Some are errors of the model, some of the table, and some "
            "are songs that sound like another genre than their label."
        ),
        tasks,
    )


def _task(task: TaskReport) -> Markup:
    best = find(task, task.best)
    caption = f"Most confident mistakes, {of_task(len(task.genres))}"
    caption += f", {best.name}" if best else ""
    head = ["song", "label", "table", "predicted", "its probability", "label's probability"]
    rows = [
        [
            f"{one.artist} \N{EN DASH} {one.title}" if one.artist else one.title or "(no name)",
            one.truth,
            one.table,
            one.predicted,
            formats.share(one.probability),
            formats.share(one.probability_of_truth),
        ]
        for one in task.mistakes
    ]
    return element("div", task_heading(task, "mistakes"), table(caption, head, rows, [1, 2, 3]))
