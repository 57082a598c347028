"""What a score on one split does not show."""

from collections.abc import Mapping, Sequence
from typing import Final

from model.metrics import Figures
from training.study.report import formats
from training.study.report.blocks import Cell, figure, heat, more, panels, paragraph, section, table
from training.study.report.charts.curves import learning
from training.study.report.charts.dots import Row, dots
from training.study.report.charts.marks import legend
from training.study.report.html import Markup, Node, element, render
from training.study.report.names import genres_of, of_model
from training.study.report.scores import NAMES, write
from training.study.results import Report
from training.study.robustness.results import (
    Absence,
    Agreement,
    LearningPoint,
    Measured,
    Rule,
    TableLeftOut,
)
from training.study.robustness.splits import ARTISTS

F1: Final = "weighted F1"
Compared = Mapping[str, Mapping[str, Figures]]
"""Figures by row and by series."""


def robustness(report: Report) -> Markup | None:
    """Return the section, None if only some models were asked for."""
    parts = report.honest
    if parts is None:
        return None
    return section(
        "honest",
        "What one score does not show",
        paragraph("Nothing is searched here: models stay the same, so that only the case differs."),
        _part(
            "Songs at random, or artists?",
            _at_random(report, parts.splits),
            _measured(report, parts.splits, "Random split and split by artist", last_is_ours=True),
        ),
        _part(
            "A table it has never seen",
            "Every table files songs in its own way. Each is left out of training in turn, and "
            "then tested on. " + _missed(parts.tables),
            _comparison("Tested on a table left out of training", "left out", _away(parts.tables)),
        ),
        _part(
            "What is missing gives the table away",
            "Every table lacks other features, so what is missing says where a song comes from. "
            "A careless model learns that, and a careless test rewards it.",
            _comparison("Test songs by what they have", "songs have", _absence(parts.absence)),
        ),
        _part(
            "Open data alone",
            "Trained on the Free Music Archive, the one table without values from Spotify.",
            _measured(report, parts.open_data, "Open data alone and all tables"),
        ),
        _part(
            "Would more songs help?",
            "The same models, trained on the songs of fewer artists. The rows of the committee are "
            "those of all tables, unlabelled ones too, the others' the labelled ones of the task: "
            "points above one another need not have the same artists.",
            _learning(report, parts.learning),
        ),
        _part(
            "Which labels to trust",
            "The same model, its songs labelled by other rules.",
            _rules(report, parts.rules),
        ),
        _part("How often tables agree", "", _agreement(parts.agreement)),
    )


def _part(heading: str, words: str, content: Node) -> Node:
    """Return a part with its heading, nothing if it has no content."""
    if not render(content).text:
        return ()
    return [element("h3", heading), paragraph(words) if words else (), content]


def _comparison(caption: str, corner: str, compared: Compared) -> Node:
    """Draw and list the weighted F1 of each row's series; all other figures on demand."""
    if not compared:
        return ()
    series = list(dict.fromkeys(name for row in compared.values() for name in row))
    rows = [
        Row(label, {name: own.weighted_f1 for name, own in row.items()})
        for label, row in compared.items()
    ]
    head = [corner, *series]
    listed = [[row.label, *(_score(row.figures.get(name)) for name in series)] for row in rows]
    everything = [
        [label, name, formats.count(own.rows), *write(own)]
        for label, row in compared.items()
        for name, own in row.items()
    ]
    drawn = figure(caption, legend(series), dots(rows, series, caption, F1))
    return [
        panels([drawn, table(f"{caption}: {F1}", head, listed)]),
        more(
            "All figures",
            table(f"{caption}: all figures", [corner, "", "songs", *NAMES], everything, [1]),
        ),
    ]


def _score(value: float | None) -> str:
    return formats.NOTHING if value is None else formats.score(value)


def _measured(
    report: Report, measured: Sequence[Measured], caption: str, *, last_is_ours: bool = False
) -> Node:
    """Compare each task's models apart: scores of few and of many genres share no scale.

    The first condition is drawn as ours, and written out; with `last_is_ours` it is the last.
    """
    tasks: dict[str, dict[str, dict[str, Figures]]] = {}
    for one in measured:
        # "trained on all tables, tested on FMA": what was tested belongs to the row.
        series, _, tested = one.condition.partition(", ")
        where = tested.removeprefix("tested ")
        row = ", ".join(filter(None, [_kind(report, one.model), where]))
        figures = tasks.setdefault(one.task, {}).setdefault(row, {})
        figures[series] = one.figures
    if last_is_ours:
        tasks = {
            task: {row: dict(reversed(own.items())) for row, own in compared.items()}
            for task, compared in tasks.items()
        }
    return [
        _comparison(f"{caption}, {genres_of(report, task)}", "model", compared)
        for task, compared in tasks.items()
    ]


def _at_random(report: Report, splits: Sequence[Measured]) -> str:
    """Say how far a split at random flatters, and where it does not."""
    cases: dict[tuple[str, str], dict[str, float]] = {}
    for one in splits:
        condition, _, tested = one.condition.partition(", tested ")
        who = " ".join(filter(None, [_who(report, one.task, one.model), tested]))
        cases.setdefault((one.task, who), {})[condition] = one.figures.weighted_f1
    gaps = {
        who: (max(others), own[ARTISTS])
        for (_, who), own in cases.items()
        if ARTISTS in own and (others := [f1 for name, f1 in own.items() if name != ARTISTS])
    }
    flattered = [who for who, (random, by_artist) in gaps.items() if random > by_artist]
    said = (
        "When songs are divided at random, an artist's other songs may give the answer away. Here "
        f"the best split at random scores higher in {len(flattered)} of {len(gaps)} cases"
    )
    if flattered:
        most = max(gaps[who][0] - gaps[who][1] for who in flattered)
        said += f", by {formats.score(most)} at most"
    fair = [
        f"{who} ({formats.score(random)}, by artist {formats.score(by_artist)})"
        for who, (random, by_artist) in gaps.items()
        if random <= by_artist
    ]
    return said + (f"; not in {formats.listed(fair)}." if fair else ".")


def _missed(tables: Sequence[TableLeftOut]) -> str:
    """Say where ours does better than the recipe and where not."""
    missed = [
        f"{one.table} ({formats.score(one.ours.weighted_f1)} against "
        f"{formats.score(one.recipe.weighted_f1)})"
        for one in tables
        if one.ours.weighted_f1 <= one.recipe.weighted_f1
    ]
    better = len(tables) - len(missed)
    said = f"Ours does better than the study's recipe on {better} of {len(tables)}"
    return said + (f", and misses that goal on {formats.listed(missed)}." if missed else ".")


def _who(report: Report, task: str, model: str) -> str:
    return f"{_kind(report, model)}, {genres_of(report, task)}"


def _kind(report: Report, model: str) -> str:
    """Return what kind of model it is: "random forest" for "random forest, baseline"."""
    return of_model(report, model).split(",")[0]


def _away(tables: Sequence[TableLeftOut]) -> Compared:
    return {
        f"{one.table} ({formats.count(len(one.ours.auc))} genres)": {
            "ours": one.ours,
            "the study's recipe": one.recipe,
            "the recipe, trained on it too": one.recipe_at_home,
        }
        for one in tables
    }


def _absence(absence: Sequence[Absence]) -> Compared:
    return {
        one.pattern + (" (the careless test)" if one.as_they_are else ""): {
            "ours": one.ours,
            "boosted trees, gaps made to tell nothing": one.prepared,
            "boosted trees, careless": one.careless,
        }
        for one in absence
    }


def _learning(report: Report, points: Sequence[LearningPoint]) -> Node:
    if not points:
        return ()
    curves: dict[str, dict[str, list[LearningPoint]]] = {}
    for point in points:
        own = curves.setdefault(point.task, {})
        own.setdefault(_kind(report, point.model), []).append(point)
    charts = [
        [
            element("h4", genres_of(report, task)),
            legend(list(own)),
            learning(own, f"Learning curve, {genres_of(report, task)}"),
        ]
        for task, own in curves.items()
    ]
    listed = table(
        "The learning curve",
        ["model", "share of artists", "rows", f"{F1}, test", f"{F1}, train"],
        [
            [
                _who(report, point.task, point.model),
                formats.share(point.share),
                formats.count(point.rows),
                formats.score(point.test.weighted_f1),
                formats.score(point.train.weighted_f1),
            ]
            for point in points
        ],
    )
    caption = "Weighted F1 on test songs, by the rows learnt from"
    return [figure(caption, panels(charts)), more("All figures", listed)]


def _rules(report: Report, rules: Sequence[Rule]) -> Node:
    """Compare the rules of each model apart: they are different questions."""
    models: dict[str, dict[str, dict[str, Figures]]] = {}
    meanings = []
    for one in rules:
        who = _who(report, one.task, one.model)
        figures = {"all test songs": one.test}
        if one.agreed:
            figures["songs that two tables file alike"] = one.agreed
        models.setdefault(who, {})[_rule(one)] = figures
        meanings.append([_rule(one), one.meaning, who, formats.count(one.rows)])
    head = ["rule", "what it does", "model", "rows learnt from"]
    return [
        *(_comparison(f"Rules for labels, {who}", "rule", own) for who, own in models.items()),
        table("What the rules do", head, meanings, [1, 2]) if meanings else (),
    ]


def _rule(rule: Rule) -> str:
    return f"{rule.rule} (in use)" if rule.chosen else rule.rule


def _agreement(pairs: Sequence[Agreement]) -> Node:
    if not pairs:
        return ()
    names = list(dict.fromkeys(name for one in pairs for name in (one.first, one.second)))
    found = {frozenset((one.first, one.second)): one for one in pairs}
    rows = {one: [_agreed(found.get(frozenset((one, other)))) for other in names] for one in names}
    note = (
        "Of the recordings that two tables share, by artist and title (their number in brackets), "
        "the part filed under one genre."
    )
    return heat("How often two tables file a recording alike", "table", names, rows, note)


def _agreed(pair: Agreement | None) -> Cell | None:
    if pair is None:
        return None
    return Cell(f"{formats.share(pair.share)} ({formats.count(pair.recordings)})", pair.share)
