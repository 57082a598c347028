"""Section on the robustness experiments."""

from collections.abc import Sequence

from training.study.report import formats
from training.study.report.blocks import (
    Cell,
    collapsed,
    figure,
    heat,
    panels,
    paragraph,
    section,
    table,
)
from training.study.report.charts.curves import learning
from training.study.report.charts.marks import legend
from training.study.report.comparison import F1, Compared, comparison
from training.study.report.html import Markup, Node, element, render
from training.study.report.names import genres_of, of_model
from training.study.results import Report
from training.study.robustness.results import (
    AbsenceResult,
    Agreement,
    ConditionResult,
    LabelRuleResult,
    LearningPoint,
    Robustness,
    TableLeftOut,
)
from training.study.robustness.splits import ARTISTS


def robustness(report: Report) -> Markup | None:
    """Return the section; None if only some of the models were run."""
    results = report.robustness
    if results is None:
        return None
    return section(
        "robustness",
        "Robustness",
        paragraph(
            "Effects that a score on one test split does not show. All models have fixed settings, "
            "so that only the condition differs."
        ),
        _test_sets(report, results),
        _training_rows(report, results),
    )


def _test_sets(report: Report, results: Robustness) -> list[Node]:
    """Return the subsections on other splits and other test songs."""
    return [
        _part(
            "Random split or split by artist",
            _at_random(report, results.splits),
            _measured(
                report, results.splits, "Random split and split by artist", highlight_last=True
            ),
        ),
        _part(
            "A table that is not in training",
            "Every table labels songs in its own way. Each is left out of training in turn, and "
            "then tested on. " + _missed(results.tables),
            comparison("Tested on a table left out of training", "left out", _away(results.tables)),
        ),
        _part(
            "Missing features reveal the table",
            "Every table lacks different features, so missing features reveal which table a song "
            "comes from. A model trained on unmodified rows learns that, and a test on unmodified "
            "rows rewards it.",
            comparison("Test songs by their features", "features", _absence(results.absence)),
        ),
    ]


def _training_rows(report: Report, results: Robustness) -> list[Node]:
    """Return the subsections on other training rows and labels."""
    return [
        _part(
            "Open data alone",
            "Trained on the Free Music Archive, the only table without values from Spotify.",
            _measured(report, results.open_data, "Open data alone and all tables"),
        ),
        _part(
            "Learning curve",
            "The same models, trained on the songs of fewer artists. The ensemble is trained on "
            "rows of all tables, labelled or not, the other models on labelled rows of the task: "
            "points with the same number of rows need not have the same artists.",
            _learning(report, results.learning),
        ),
        _part(
            "Rules for labels",
            "The same model, trained on songs that are labelled by different rules.",
            _rules(report, results.rules),
        ),
        _part("Agreement of tables", "", _agreement(results.agreement)),
    ]


def _part(heading: str, words: str, content: Node) -> Node:
    """Return a subsection with its heading; nothing if it has no content."""
    if not render(content).text:
        return ()
    return [element("h3", heading), paragraph(words) if words else (), content]


def _measured(
    report: Report,
    measured: Sequence[ConditionResult],
    caption: str,
    *,
    highlight_last: bool = False,
) -> Node:
    """Return a comparison for each task; scores of few and of many genres need different scales.

    The first condition is highlighted; with `highlight_last`, the last one.
    """
    tasks: dict[str, Compared] = {}
    for one in measured:
        # "trained on all tables, tested on FMA": the test set belongs to the row.
        series, _, tested = one.condition.partition(", ")
        test_set = tested.removeprefix("tested ")
        row = ", ".join(filter(None, [_kind(report, one.model), test_set]))
        figures = tasks.setdefault(one.task, {}).setdefault(row, {})
        figures[series] = one.figures
    if highlight_last:
        tasks = {
            task: {row: dict(reversed(own.items())) for row, own in compared.items()}
            for task, compared in tasks.items()
        }
    return [
        comparison(f"{caption}, {genres_of(report, task)}", "model", compared)
        for task, compared in tasks.items()
    ]


def _at_random(report: Report, splits: Sequence[ConditionResult]) -> str:
    """Return a sentence on how optimistic random splits are, and in which cases they are not."""
    cases: dict[tuple[str, str], dict[str, float]] = {}
    for one in splits:
        condition, _, tested = one.condition.partition(", tested ")
        case = " ".join(filter(None, [_case(report, one.task, one.model), tested]))
        cases.setdefault((one.task, case), {})[condition] = one.figures.weighted_f1
    pairs = {
        case: (max(others), own[ARTISTS])
        for (_, case), own in cases.items()
        if ARTISTS in own and (others := [f1 for name, f1 in own.items() if name != ARTISTS])
    }
    gaps = [random - by_artist for random, by_artist in pairs.values() if random > by_artist]
    sentence = (
        "When songs are split at random, other songs of an artist may reveal the label. Here the "
        f"best random split scores higher in {len(gaps)} of {len(pairs)} cases"
    )
    if gaps:
        sentence += f", by {formats.score(max(gaps))} at most"
    exceptions = [
        f"{case} ({formats.score(random)}, by artist {formats.score(by_artist)})"
        for case, (random, by_artist) in pairs.items()
        if random <= by_artist
    ]
    return sentence + (f"; not in {formats.listed(exceptions)}." if exceptions else ".")


def _missed(tables: Sequence[TableLeftOut]) -> str:
    """Return a sentence on the tables where the shipped model is better than the baseline."""
    missed = [
        f"{one.table} ({formats.score(one.shipped.weighted_f1)} against "
        f"{formats.score(one.baseline.weighted_f1)})"
        for one in tables
        if one.shipped.weighted_f1 <= one.baseline.weighted_f1
    ]
    better = len(tables) - len(missed)
    sentence = (
        "The shipped model is better than the baseline, a random forest, on "
        f"{better} of {len(tables)}"
    )
    return sentence + (f", and misses that goal on {formats.listed(missed)}." if missed else ".")


def _case(report: Report, task: str, model: str) -> str:
    return f"{_kind(report, model)}, {genres_of(report, task)}"


def _kind(report: Report, model: str) -> str:
    """Return the kind of a model: "random forest" for "random forest, baseline"."""
    return of_model(report, model).split(",")[0]


def _away(tables: Sequence[TableLeftOut]) -> Compared:
    return {
        f"{one.table} ({formats.count(len(one.shipped.auc))} genres)": {
            "shipped model": one.shipped,
            "baseline": one.baseline,
            "baseline, trained on all tables": one.baseline_all_tables,
        }
        for one in tables
    }


def _absence(absence: Sequence[AbsenceResult]) -> Compared:
    return {
        one.pattern: {
            "shipped model": one.shipped,
            "boosted trees, trained with random gaps": one.masked,
            "boosted trees, trained on unmodified rows": one.leaky,
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
                _case(report, point.task, point.model),
                formats.share(point.share),
                formats.count(point.rows),
                formats.score(point.test.weighted_f1),
                formats.score(point.train.weighted_f1),
            ]
            for point in points
        ],
    )
    caption = "Weighted F1 on test songs, by number of training rows"
    return [figure(caption, panels(charts)), collapsed("All figures", listed)]


def _rules(report: Report, rules: Sequence[LabelRuleResult]) -> Node:
    """Return a comparison for each model; different models are trained with different rules."""
    models: dict[str, Compared] = {}
    descriptions = []
    for one in rules:
        case = _case(report, one.task, one.model)
        figures = {"all test songs": one.test}
        if one.agreed:
            figures["songs that two tables label alike"] = one.agreed
        models.setdefault(case, {})[_rule(one)] = figures
        descriptions.append([_rule(one), one.description, case, formats.count(one.rows)])
    head = ["rule", "what it does", "model", "training rows"]
    return [
        *(comparison(f"Rules for labels, {case}", "rule", own) for case, own in models.items()),
        table("What the rules do", head, descriptions, [1, 2]) if descriptions else (),
    ]


def _rule(rule: LabelRuleResult) -> str:
    return f"{rule.rule} (in use)" if rule.in_use else rule.rule


def _agreement(pairs: Sequence[Agreement]) -> Node:
    if not pairs:
        return ()
    names = list(dict.fromkeys(name for one in pairs for name in (one.first, one.second)))
    found = {frozenset((one.first, one.second)): one for one in pairs}
    rows = {one: [_agreed(found.get(frozenset((one, other)))) for other in names] for one in names}
    note = (
        "Of the recordings that two tables share, by artist and title (their number in brackets), "
        "the share labelled with the same genre."
    )
    return heat("How often two tables label a recording alike", "table", names, rows, note)


def _agreed(pair: Agreement | None) -> Cell | None:
    if pair is None:
        return None
    return Cell(f"{formats.share(pair.share)} ({formats.count(pair.recordings)})", pair.share)
