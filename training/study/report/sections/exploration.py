"""Section on the songs: findings, means, distributions, correlation, overlap of genres."""

from collections.abc import Iterable, Mapping
from statistics import fmean
from typing import Final

from model.schema import RADAR
from training.study.exploration import Axis, Exploration
from training.study.findings import Finding
from training.study.report import formats
from training.study.report.blocks import (
    MAX_GENRES_TOGETHER,
    Cell,
    collapsed,
    collapsed_if_many,
    figure,
    heat,
    panels,
    paragraph,
    section,
    strip,
    swatches,
    table,
)
from training.study.report.charts.bars import bars
from training.study.report.charts.radar import radar
from training.study.report.charts.ridges import ridges
from training.study.report.colours import of_genre
from training.study.report.html import Markup, Node, element
from training.study.report.names import of_feature, of_task
from training.study.results import Report

RADAR_CAPTION: Final = "Means of the seven features from 0 to 1"
VERDICT_MARKS: Final = {"confirmed": "✓", "partly confirmed": "◐", "contradicted": "✗"}


def exploration(report: Report) -> Markup:
    """Return the section for all tasks."""
    return section(
        "exploration",
        "What the songs look like",
        paragraph(
            "Songs of the training side only, one row per recording; recordings labelled with "
            "several genres are left out. All genres have the same weight."
        ),
        [_task(task) for task in report.exploration],
    )


def _task(task: Exploration) -> Markup:
    songs = formats.listed([f"{formats.count(n)} {genre}" for genre, n in task.songs.items()])
    return element(
        "div",
        element("h3", of_task(len(task.genres)), id=f"exploration-{task.task}"),
        paragraph(f"{formats.count(sum(task.songs.values()))} songs: {songs}."),
        element("ol", [_finding(one) for one in task.findings], class_="findings"),
        _means(task),
        _distributions(task),
        panels([_separations(task), _correlation(task)]),
        _overlaps(task),
    )


def _finding(finding: Finding) -> Markup:
    return element(
        "li",
        element(
            "span",
            f"{VERDICT_MARKS[finding.verdict]} {finding.verdict}",
            class_=f"verdict {finding.verdict.split()[0]}",
        ),
        element("strong", finding.claim),
        element("ul", [element("li", one.words) for one in finding.evidence]),
        paragraph(finding.rule, kind="small"),
    )


def _by_genre(task: Exploration) -> dict[str, dict[str, float]]:
    means: dict[str, dict[str, float]] = {genre: {} for genre in task.genres}
    for row in task.distributions:
        means[row.genre][row.feature] = row.mean
    return means


def _means(task: Exploration) -> list[Node]:
    means = _by_genre(task)
    named = of_task(len(means))
    tempi = {genre: own["tempo"] for genre, own in means.items() if "tempo" in own}
    tempi = dict(sorted(tempi.items(), key=lambda pair: -pair[1]))
    tempo = figure("Mean tempo of each genre", bars(tempi, f"Mean tempo, {named}", "BPM"))
    head = ["genre", *_named(axis.feature for axis in task.axes)]
    rows = [[genre, *(_mean(own, axis) for axis in task.axes)] for genre, own in means.items()]
    as_table = collapsed("The means as a table", table(f"Means, {named}", head, rows))
    if len(means) <= MAX_GENRES_TOGETHER:
        legend = swatches({genre: of_genre(genre) for genre in means})
        drawn = radar(means, f"Means of seven features, {named}")
        return [panels([tempo, figure(RADAR_CAPTION, legend, drawn)]), as_table]
    return [panels([tempo, _landmarks(task)]), _small_radars(means), as_table]


def _named(features: Iterable[str]) -> list[str]:
    return [of_feature(name) for name in features]


def _mean(own: Mapping[str, float], axis: Axis) -> str:
    value = own.get(axis.feature)
    return formats.NO_VALUE if value is None else formats.feature(value, axis.unit)


def _small_radars(means: Mapping[str, Mapping[str, float]]) -> Markup:
    average = {name: fmean(own[name] for own in means.values() if name in own) for name in RADAR}
    charts = [
        [element("h4", genre), radar({genre: own}, f"Means of {genre}", average)]
        for genre, own in means.items()
    ]
    legend = swatches({"the genre": "var(--ink)", "mean of all genres": "dashed"})
    return figure(RADAR_CAPTION, legend, strip(charts, RADAR_CAPTION))


def _landmarks(task: Exploration) -> Markup:
    """Return a table of the genres with the lowest and the highest mean of each feature."""
    rows = []
    for axis in task.axes:
        own = sorted(
            (row for row in task.distributions if row.feature == axis.feature),
            key=lambda row: row.mean,
        )
        low, high = own[0], own[-1]
        written = [formats.feature(row.mean, axis.unit) for row in (low, high)]
        rows.append(
            [of_feature(axis.feature), f"{low.genre} {written[0]}", f"{high.genre} {written[1]}"]
        )
    return table(
        "Lowest and highest mean of each feature", ["feature", "lowest", "highest"], rows, [1, 2]
    )


def _distributions(task: Exploration) -> Markup:
    charts = [
        ridges(
            axis,
            [row for row in task.distributions if row.feature == axis.feature],
            f"Distribution of {of_feature(axis.feature)}, {of_task(len(task.genres))}",
        )
        for axis in task.axes
    ]
    caption = (
        "Distribution of each feature. Each silhouette is scaled to its own maximum; the line "
        "below it spans the middle half of the songs, the dot is their median"
    )
    return figure(caption, strip(charts, "Distributions"))


def _separations(task: Exploration) -> Node:
    found = {(row.genre, row.feature): row.auc for row in task.separations}
    features = [axis.feature for axis in task.axes]
    note = (
        "The probability that a song of the genre has a higher value than a song of another genre: "
        "0.50 is no separation."
    )
    rows = {
        genre: [_auc_cell(found.get((genre, feature))) for feature in features]
        for genre in task.genres
    }
    caption = "Separation of genres by single features"
    drawn = heat(caption, "genre", _named(features), rows, note)
    return collapsed_if_many(len(task.genres), caption, drawn)


def _auc_cell(auc: float | None) -> Cell | None:
    return None if auc is None else Cell(formats.short(auc), 2 * auc - 1)


def _correlation(task: Exploration) -> Markup:
    features = _named(axis.feature for axis in task.axes)
    rows: dict[str, list[Cell | None]] = {
        name: [Cell(formats.short(value), value) if j < i else None for j, value in enumerate(row)]
        for i, (name, row) in enumerate(zip(features, task.correlation, strict=True))
    }
    del rows[features[0]]
    note = "Spearman's rank correlation: at 1 they rise together, at 0 they are unrelated."
    lower = {name: row[:-1] for name, row in rows.items()}
    return heat("Correlation of features", "feature", features[:-1], lower, note)


def _overlaps(task: Exploration) -> list[Node]:
    shares = {frozenset((row.first, row.second)): row.overlap for row in task.overlaps}
    note = (
        "At 0 % two genres are never mistaken for one another; at 100 % no feature distinguishes "
        "them."
    )
    rows = {
        one: [_overlap_cell(shares.get(frozenset((one, other)))) for other in task.genres]
        for one in task.genres
    }
    pairs = sorted(task.overlaps, key=lambda row: -row.overlap)
    head = ["pair", "overlap", "best single feature", "higher in the first"]
    listed = table(
        "Overlap of every pair of genres",
        head,
        [
            [
                f"{row.first}, {row.second}",
                formats.share(row.overlap),
                of_feature(row.feature),
                formats.share(row.auc),
            ]
            for row in pairs
        ],
        words=[2],
    )
    return [
        collapsed_if_many(
            len(task.genres),
            "Overlap of genres",
            heat("Overlap of genres", "genre", task.genres, rows, note),
        ),
        collapsed(f"All {len(pairs)} pairs, and the feature that best separates each", listed),
    ]


def _overlap_cell(share: float | None) -> Cell | None:
    return None if share is None else Cell(formats.share(share), share)
