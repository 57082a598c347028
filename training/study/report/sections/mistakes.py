"""Where it is wrong: the most confident mistakes, by name."""

from training.study.report import formats
from training.study.report.blocks import paragraph, section, table
from training.study.report.html import Markup, element
from training.study.report.names import find, of_task, task_heading
from training.study.results import Report, TaskReport


def mistakes(report: Report) -> Markup | None:
    """Return the section, None if there are none to show."""
    tasks = [_task(task) for task in report.tasks if task.mistakes]
    if not tasks:
        return None
    return section(
        "mistakes",
        "Where it is wrong",
        paragraph(
            "The test songs about which the best model was surest, and did not say what the table "
            "says. Some are the model's errors, some the table's, and some are songs that sound "
            "like something they are not filed under."
        ),
        tasks,
    )


def _task(task: TaskReport) -> Markup:
    best = find(task, task.best)
    caption = f"Surest mistakes, {of_task(len(task.genres))}" + (f", {best.name}" if best else "")
    head = ["song", "filed under", "by", "said", "how sure", "gave the filed one"]
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
