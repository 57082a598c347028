"""Section on the models: one row of figures for each model and task."""

from collections.abc import Sequence
from typing import Final

from model.metrics import Figures
from training.slices import SLICE_NAMES
from training.study.report import formats
from training.study.report.blocks import (
    MAX_GENRES_TOGETHER,
    Cell,
    collapsed,
    figure,
    heat,
    paragraph,
    section,
    table,
)
from training.study.report.charts.dots import Row, dots
from training.study.report.charts.marks import legend
from training.study.report.html import Markup, Node, element
from training.study.report.names import KINDS, of_task, task_heading
from training.study.report.scores import NAMES, SCORES, columns, with_genres, write
from training.study.results import Fold, ModelReport, Report, TaskReport

SERIES: Final = ("on test songs", "on folds", "on training songs")

TERMS: Final = {
    "weighted F1": "mean of the genres' F1, weighted by their number of songs; macro F1: "
    "unweighted mean",
    "top 3": "how often the correct genre is among the first three",
    "AUC": "probability that a song of the genre gets a higher probability of it than another song",
    "folds": "mean over the folds ± its standard error; a smaller lead may be chance",
    "one song": "time to classify one song: the ensemble in onnxruntime, as it is served, all "
    "others in scikit-learn",
    "calibration error": "mean difference between the probability of the first guess and how "
    "often such guesses are correct",
}


def models(report: Report) -> Markup:
    """Return the section."""
    terms = [
        element("div", element("dt", term), element("dd", meaning))
        for term, meaning in TERMS.items()
    ]
    return section(
        "models",
        "The models",
        paragraph(
            "All models of a task are scored on the same folds and tested on the same songs, with "
            "the eight core features unless stated otherwise. The original study's nine and the "
            "challengers are trained on the task's labelled songs and tuned on the folds; the "
            "ensemble is trained on all tables, also on songs without a genre, and its settings "
            "were compared on the test songs."
        ),
        element("dl", terms, class_="terms"),
        [_task(task) for task in report.tasks],
    )


def _task(task: TaskReport) -> Markup:
    train, test = sum(task.train_rows.values()), sum(task.test_rows.values())
    named = of_task(len(task.genres))
    intro = paragraph(
        f"{formats.count(train)} labelled training rows and {formats.count(test)} test rows, from "
        f"the tables {formats.listed(list(task.tables))}.",
        _training_rows(task),
    )
    if not task.models:
        return element("div", task_heading(task, "models"), intro, paragraph("No model was run."))
    return element(
        "div",
        task_heading(task, "models"),
        intro,
        figure(
            "Weighted F1 of each model; a long line indicates overfitting",
            legend(SERIES),
            dots(_dots(task), SERIES, f"Weighted F1, {named}", "weighted F1"),
        ),
        _table(task, f"On test songs, {named}"),
        _details(task, named),
    )


def _training_rows(task: TaskReport) -> str:
    """Return a sentence on the models that are not trained on all labelled rows of the task."""
    usual = sum(task.train_rows.values())
    others = [
        f"{model.name} {formats.count(model.rows)}" for model in task.models if model.rows != usual
    ]
    return f" Different numbers of training rows: {', '.join(others)}." if others else ""


def _dots(task: TaskReport) -> list[Row]:
    ranked = sorted(task.models, key=lambda model: -model.test.weighted_f1)
    rows = []
    for model in ranked:
        figures = {SERIES[0]: model.test.weighted_f1, SERIES[2]: model.train.weighted_f1}
        if model.fold:
            figures[SERIES[1]] = model.fold.weighted_f1
        rows.append(Row(model.name, figures))
    return rows


def _table(task: TaskReport, caption: str) -> Markup:
    """Return the table of all models' scores, times and sizes."""
    scores = with_genres(task.genres) if len(task.genres) <= MAX_GENRES_TOGETHER else SCORES
    written = columns([model.test for model in task.models], scores)
    rows = [
        [*own, formats.score(model.train.weighted_f1), _fold(model.fold), *_costs(model)]
        for own, model in zip(written, task.models, strict=True)
    ]
    head = ["model", *(score.name for score in scores), "weighted F1, train", "weighted F1, folds"]
    return table(caption, [*head, "search", "fit", "one song", "size"], _by_kind(task, rows))


def _costs(model: ModelReport) -> list[str]:
    timing = model.timing
    searched = timing.search_seconds
    return [
        formats.NO_VALUE if searched is None else formats.seconds(searched),
        formats.seconds(timing.fit_seconds),
        formats.milliseconds(timing.row_ms),
        formats.size(model.bytes),
    ]


def _details(task: TaskReport, named: str) -> list[Node]:
    details = [
        collapsed("AUC of each genre", _areas(task, named)),
        collapsed(
            "The same figures on training songs",
            table(
                f"On training songs, {named}",
                ["model", *NAMES],
                _by_kind(task, [write(model.train) for model in task.models]),
            ),
        ),
    ]
    if any(model.resampled for model in task.models):
        details.append(
            collapsed("Resampling: rare genres' songs repeated", _resampling(task, named))
        )
    for caption, rows in _other_figures(task).items():
        if rows:
            details.append(collapsed(caption, _listed(f"{caption}, {named}", rows)))
    notes = [[model.name, model.note] for model in task.models if model.note]
    if notes:
        head = ["model", "note"]
        details.append(collapsed("Notes on the models", table(f"Notes, {named}", head, notes, [1])))
    return list(details)


def _other_figures(task: TaskReport) -> dict[str, list[tuple[str, Figures]]]:
    """Return figures with other features and on other songs: rows of (name, figures) by caption."""
    extras = "with loudness, key, mode and duration"
    measured: dict[str, list[tuple[str, Figures | None]]] = {
        f"{extras.capitalize()}, where a song has them": [
            (model.name, model.with_extras) for model in task.models
        ],
        "On songs that two tables label alike": [
            row
            for model in task.models
            for row in (
                (model.name, model.agreed),
                (f"{model.name}, {extras}", model.agreed_with_extras),
            )
        ],
        "With and without a named artist": [
            (f"{model.name}: {SLICE_NAMES[slice_]}", figures)
            for model in task.models
            for slice_, figures in model.slices.items()
        ],
    }
    return {
        caption: [(name, figures) for name, figures in rows if figures]
        for caption, rows in measured.items()
    }


def _listed(caption: str, rows: Sequence[tuple[str, Figures]]) -> Markup:
    written = columns([figures for _, figures in rows])
    listed = [
        [name, formats.count(figures.rows), *own]
        for (name, figures), own in zip(rows, written, strict=True)
    ]
    return table(caption, ["model", "songs", *NAMES], listed)


def _areas(task: TaskReport, named: str) -> Markup:
    rows = {
        model.name: [
            _area(model.test.mean_auc),
            *(_area(model.test.auc.get(genre)) for genre in task.genres),
        ]
        for model in task.models
    }
    caption = f"AUC of each genre against the rest on test songs, {named}"
    return heat(caption, "model", ["mean", *task.genres], rows)


def _area(auc: float | None) -> Cell | None:
    return None if auc is None else Cell(formats.score(auc), 2 * auc - 1)


def _resampling(task: TaskReport, named: str) -> list[Node]:
    pairs = [(model, model.resampled) for model in task.models if model.resampled]
    on_test: list[list[Node]] = []
    on_train: list[list[Node]] = []
    for off, on in pairs:
        on_test.append([off.name, "off", _fold(off.fold), *write(off.test)])
        on_test.append([off.name, "on", _fold(on.fold), *write(on.test)])
        on_train.append([off.name, "off", *write(off.train)])
        on_train.append([off.name, "on", *write(on.train)])
    head = ["model", "resampling"]
    return [
        table(f"Resampling, test songs, {named}", [*head, "folds", *NAMES], on_test, [1]),
        table(f"Resampling, training songs, {named}", [*head, *NAMES], on_train, [1]),
    ]


def _by_kind(
    task: TaskReport, rows: Sequence[Sequence[Node]]
) -> dict[str, Sequence[Sequence[Node]]]:
    groups: dict[str, list[list[Node]]] = {}
    for model, row in zip(task.models, rows, strict=True):
        name: Node = model.name
        if model.key == task.best:
            name = [model.name, element("span", "highest on folds", class_="badge")]
        groups.setdefault(KINDS.get(model.kind, model.kind), []).append([name, *row])
    return dict(groups)


def _fold(fold: Fold | None) -> str:
    if fold is None:
        return formats.NO_VALUE
    return f"{formats.score(fold.weighted_f1)} ± {formats.score(fold.error)}"
