"""Sections on method, sources and versions."""

import re
from collections.abc import Mapping
from typing import Any, Final

from training.study.report import formats
from training.study.report.blocks import collapsed, section, table
from training.study.report.html import Markup, Node, element
from training.study.report.names import of_task
from training.study.results import ModelReport, Report, Source, TaskReport

ORIGINAL: Final = (
    "The original study reported, for its grid-searched random forest on some 10,000 songs of "
    "three genres: weighted F1 0.85 on train and 0.76 on test; area under the ROC curve 0.84 for "
    "electronic, 0.95 for hip-hop, 0.90 for rock. Its songs and its split were different, so only "
    "the figures measured here can be compared with one another."
)
REPLACED_CHARTS: Final = (
    "Billboard's Hot 100 replaces the year-end charts that the original study had scraped; the "
    "songs and labels are therefore different, and so are the figures."
)
TERMS: Final = (
    "All tables but the Free Music Archive's hold values once read from Spotify's Web API, and "
    "Spotify's Developer Policy (III.14) forbids its developers to train a model on Spotify "
    "content. The Free Music Archive's are open: `--tables fma` trains on them alone."
)
ADDRESS: Final = re.compile(r"https?://[^\s,;()]+[^\s,;().]")


def method(report: Report) -> Markup:
    """Return the section on the method."""
    sentences = {
        "The original study": ORIGINAL,
        "Songs": REPLACED_CHARTS,
        "Split": report.method.split,
        "Folds": report.method.folds,
        "Labels": report.method.labels,
        "Absence": report.method.absence,
        "Resampling": report.method.resampling,
        "The shipped model": report.method.shipped,
        "This run": report.method.quick,
        "Terms": TERMS,
    }
    terms = [
        [element("dt", term), element("dd", words)] for term, words in sentences.items() if words
    ]
    return section(
        "method",
        "Method",
        element("dl", terms),
        [_rows(task) for task in report.tasks],
        [_grids(task) for task in report.tasks if task.models],
        _sources(report.sources),
    )


def _rows(task: TaskReport) -> Markup:
    named = of_task(len(task.genres))
    rows = [
        [
            genre,
            formats.count(task.train_rows.get(genre, 0)),
            formats.count(task.test_rows.get(genre, 0)),
        ]
        for genre in task.genres
    ]
    caption = f"Rows of each genre, {named}. Features: {', '.join(task.features)}"
    return collapsed(
        f"Rows of each genre, {named}", table(caption, ["genre", "train", "test"], rows)
    )


def _grids(task: TaskReport) -> Markup:
    named = of_task(len(task.genres))
    head = ["model", "rows", "features", "searched", "selected", "selected, resampled"]
    rows = [_settings(model) for model in task.models]
    caption = f"Settings searched and selected, {named}"
    return collapsed(caption, table(caption, head, rows, [3, 4, 5]))


def _settings(model: ModelReport) -> list[Node]:
    searched = "; ".join(
        f"{name}: {', '.join(map(formats.setting, values))}" for name, values in model.grid.items()
    )
    return [
        model.name,
        formats.count(model.rows),
        str(model.features),
        searched or formats.NO_VALUE,
        _chosen(model.settings),
        _chosen(model.resampled.settings if model.resampled else {}),
    ]


def _chosen(settings: Mapping[str, Any]) -> str:
    written = [f"{name}: {formats.setting(value)}" for name, value in settings.items()]
    return "; ".join(written) or formats.NO_VALUE


def _sources(sources: tuple[Source, ...]) -> Markup:
    rows: list[list[Node]] = [
        [
            one.name,
            formats.count(one.rows),
            formats.count(one.labelled),
            _linked(one.source),
            one.licence,
        ]
        for one in sources
    ]
    head = ["table", "rows", "with a genre", "source", "licence"]
    return table("Sources and licences", head, rows, [3, 4])


def _linked(words: str) -> list[Node]:
    """Return the text with its URLs as links."""
    nodes: list[Node] = []
    end = 0
    for found in ADDRESS.finditer(words):
        nodes += [words[end : found.start()], element("a", found[0], href=found[0])]
        end = found.end()
    return [*nodes, words[end:]]


def versions(report: Report) -> Markup:
    """Return the section on seed, times and versions."""
    run = report.run
    facts = {
        "run": "quick" if run.quick else "full",
        "seed": str(run.seed),
        "cluster": run.cluster or "none",
        "minutes": f"{run.minutes:.1f}",
        "format of report.json": str(report.format),
    } | dict(run.libraries)
    rows = [[name, value] for name, value in facts.items()]
    stages = [[name, formats.seconds(seconds)] for name, seconds in run.stages.items()]
    caption = (
        "Processor time of each stage, summed over processes; cached results count with the time "
        "that they took originally"
    )
    return section(
        "versions",
        "Versions",
        table("This run", ["", ""], rows, [1]),
        collapsed("Time of each stage", table(caption, ["stage", "work"], stages))
        if stages
        else (),
    )
