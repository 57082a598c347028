"""The charts of the report: which results each of them shows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from model.genre_colours import genre_colours
from model.schema import RADAR
from model.verdicts import VerdictFigures
from training.study.report import charts, facts
from training.study.report.charts import MUTED, Row, Spec
from training.study.report.formats import FILTERS
from training.study.results import Condition, Exploration, LabelMeaning, Report, Song, TaskResult

ACCENT: Final = "var(--accent)"
WARM: Final = "var(--warm)"
MODELS: Final = {
    "ours": ("our ensemble", ACCENT),
    "challenger": ("boosted trees", WARM),
    "study": ("the original nine", MUTED),
    "forest": ("random forest", MUTED),
    "boosting": ("boosted trees", WARM),
    "boosting, as they are": ("boosted trees on rows as they are", WARM),
    "boosting, filled and hidden": ("boosted trees on rows filled and hidden", MUTED),
}
"""Name and colour of each model, and of each group of models."""

PUBLISHED: Final = 0.76
"""The weighted F1 that the original study published."""

FEW: Final = 4
"""Maximum number of genres that are drawn over one another."""

MOST: Final = 12
"""Maximum number of bars of a chart that shows the most extreme ones."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart: its specification, what it shows, and the CSS colour of each series."""

    spec: Spec
    about: str
    legend: Mapping[str, str] = field(default_factory=dict)


def colour(genre: str) -> str:
    """Return the CSS value of a genre's colour."""
    return f"var(--genre-{genre.replace('&', 'n')})"


def colour_variables(theme: Literal["light", "dark"]) -> str:
    """Return the CSS declarations of the genres' colours."""
    return "".join(f"{colour(one)[4:-1]}:{shade};" for one, shade in genre_colours(theme).items())


def question(song: Song, typical: Mapping[str, Mapping[str, float]]) -> list[Chart]:
    """Return the radar of a song between hip-hop and country, and its most probable genres."""
    own = {"Old Town Road": song.features}
    own |= {f"typical {genre}": dict(typical[genre]) for genre in ("hip-hop", "country")}
    shades = dict(zip(own, ("var(--ink)", colour("hip-hop"), colour("country")), strict=True))
    shapes = {name: {axis: values[axis] for axis in RADAR} for name, values in own.items()}
    spec = charts.radar(shapes, shades)
    return [Chart(spec, "Old Town Road and typical songs", shades), probabilities(song)]


def probabilities(song: Song) -> Chart:
    """Return the most probable genres of a song."""
    rows = _bars(facts.top(facts.shipped(song), 5))
    return Chart(charts.bars(rows, "probability", ".0%"), "Our probabilities")


def tempo(exploration: Exploration) -> Chart:
    """Return the bars of mean tempo."""
    rows = _bars((one.genre, one.mean) for one in facts.ranked(exploration, "tempo"))
    return Chart(charts.bars(rows, "BPM", ".0f"), f"Mean tempo in BPM, {len(rows)} genres")


def radar(exploration: Exploration) -> list[Chart]:
    """Return one radar of few genres, or one of each genre with the mean of all."""
    means: dict[str, dict[str, float]] = {genre: {} for genre in exploration.genres}
    for one in exploration.spreads:
        if one.feature in RADAR:
            means[one.genre][one.feature] = one.mean
    if len(means) <= FEW:
        shades = {genre: colour(genre) for genre in means}
        return [Chart(charts.radar(means, shades), "Mean features of each genre", shades)]
    mean = {axis: sum(own[axis] for own in means.values()) / len(means) for axis in RADAR}
    every = "all genres"
    return [
        Chart(
            charts.radar({every: mean, one: own}, {every: MUTED, one: colour(one)}, small=True), one
        )
        for one, own in means.items()
    ]


def separation(exploration: Exploration) -> Chart:
    """Return the genres from low to high values of each feature."""
    rows: list[Row] = []
    for name in facts.separating(exploration):
        column, title = exploration.features.index(name), FILTERS["feature_name"](name)
        values = (own[column] for own in exploration.separation)
        own = sorted(zip(values, exploration.genres, strict=True))
        ends = (own[0][1], own[-1][1])
        rows += [
            _row(title, value, colour(genre), series=genre, error=0, label=genre * (genre in ends))
            for value, genre in own
        ]
    about = "How often a song of the genre has a higher value than one of another genre"
    return Chart(charts.dots(rows, "lower than other genres ← → higher", dodge=False), about)


def overlaps(exploration: Exploration) -> Chart:
    """Return the bars of the pairs that overlap most."""
    own = sorted(exploration.overlaps, key=lambda one: -one.overlap)[:MOST]
    rows = [_row(f"{one.first} \N{EN DASH} {one.second}", one.overlap, ACCENT) for one in own]
    return Chart(charts.bars(rows, "overlap", ".0%"), "Overlap of two genres")


def _dotted(rows: Sequence[Row], title: str, about: str, **options: Any) -> Chart:
    return Chart(charts.dots(rows, title, **options), about, _legend(rows))


def models(task: TaskResult) -> Chart:
    """Return the weighted F1 of each model, with its error."""
    rows = [
        _dot(one.name, *MODELS[one.group], one.test.weighted_f1, one.error)
        for one in sorted(task.models, key=lambda one: -one.test.weighted_f1)
    ]
    reference = PUBLISHED if task.name == "study" else None
    about = f"Weighted F1 on test songs, {len(task.genres)} genres"
    return _dotted(rows, "weighted F1", about, dodge=False, reference=reference)


def resampling(task: TaskResult) -> Chart:
    """Return the weighted F1 of each model with and without resampling."""
    rows = []
    for one in task.models:
        if one.resampled:
            rows.append(_dot(one.name, "rows as they are", ACCENT, one.test.weighted_f1))
            rows.append(_dot(one.name, "rare genres repeated", WARM, one.resampled.weighted_f1))
    return _dotted(rows, "weighted F1", f"{len(task.genres)} genres", dodge=False)


def roc(task: TaskResult) -> list[Chart]:
    """Return ROC curves and areas of our model; with few genres also the best of the nine."""
    drawn = [facts.shown(task)]
    other = task.find(task.best_of_study)
    drawn += [other] if other and other not in drawn and len(task.genres) <= FEW else []
    rows = [
        row
        for dashed, model in enumerate(drawn)
        for genre, points in model.roc.items()
        for row in _points(f"{genre}, {model.name}", colour(genre), points, dashed=dashed)
    ]
    spec = charts.lines(rows, "other songs taken for the genre", "songs found", line=True)
    areas = _bars(facts.top(drawn[0].test.auc, len(task.genres)))
    legend = {genre: colour(genre) for genre in drawn[0].roc}
    bars = charts.bars(areas, "area under the curve", ".2f")
    return [Chart(spec, "ROC curves", legend), Chart(bars, "Area under the curve")]


def confusion(task: TaskResult) -> Chart:
    """Return for each genre what its songs are taken for, the genre itself first."""
    rows = []
    for genre, counts in zip(task.genres, facts.shown(task).confusion, strict=True):
        shares = {
            one: count / max(sum(counts), 1) for one, count in zip(task.genres, counts, strict=True)
        }
        own = (genre, shares.pop(genre))
        rows += _segments(genre, [own, *facts.top(shares, len(shares))])
    return Chart(charts.stacked(rows, "share of its songs"), "What each genre is taken for")


def agreement(report: Report) -> Chart:
    """Return the bars of how often two tables agree."""
    rows = [
        _row(f"{_table(one.first)}, {_table(one.second)}", one.share, ACCENT)
        for one in sorted(report.agreements, key=lambda one: -one.share)
    ]
    return Chart(charts.bars(rows, "same genre", ".0%"), "Same recording, same genre")


def meanings(labels: Sequence[LabelMeaning]) -> Chart:
    """Return for the most surprising labels the genres of their songs' artists."""
    rows = []
    for one in facts.surprising(labels, MOST):
        rows += _segments(f"“{one.label}”, {_table(one.table)}", facts.top(one.shares, MOST))
    return Chart(charts.stacked(rows, "share of the songs"), "Genre of the artist, by label")


def conditions(found: Sequence[Condition], about: str, by: str = "model") -> Chart:
    """Return the weighted F1 of each condition with a series for each model, or the reverse."""
    series = dict.fromkeys(getattr(one, by) for one in found)
    shades = {
        own: MODELS.get(own, (own, shade))
        for own, shade in zip(series, (ACCENT, WARM, MUTED), strict=False)
    }
    rows = []
    for one in found:
        case = MODELS[one.model][0] if by == "condition" else _table(one.condition)
        name = f"{case}, on {one.tested_on}" if one.tested_on else case
        series_name, shade = shades[getattr(one, by)]
        rows.append(_dot(name, series_name, shade, one.f1, one.error))
    return _dotted(rows, "weighted F1", about)


def by_genre(found: Sequence[Condition]) -> Chart:
    """Return the F1 of each genre under two conditions."""
    rows = [
        _dot(genre, one.condition, shade, one.figures.genre_f1.get(genre, 0))
        for genre, _ in facts.top(found[0].figures.genre_f1, len(found[0].figures.genre_f1))
        for one, shade in zip(found, (ACCENT, WARM), strict=True)
    ]
    return _dotted(rows, "F1", "F1 of each genre", dodge=False)


def learning(found: Sequence[Condition], genres: int) -> Chart:
    """Return the learning curves of one task."""
    rows = []
    for key in dict.fromkeys(one.model for one in found):
        curve = [(float(one.condition), one.f1) for one in found if one.model == key]
        rows += _points(*MODELS[key], curve, 80)
    ticks = sorted({row["x"] for row in rows})
    spec = charts.lines(rows, "share of the training artists", "weighted F1", ticks=ticks)
    return Chart(spec, f"Learning curve, {genres} genres", _legend(rows))


def reliability(task: TaskResult) -> Chart:
    """Return how often guesses of each probability are right; larger dots are more songs."""
    most = max(songs for songs, _, _ in task.reliability)
    rows = [
        _points(f"{songs:,} songs", ACCENT, [(given, right)], 40 + 500 * songs / most)[0]
        for songs, given, right in task.reliability
    ]
    spec = charts.lines(rows, "probability given", "share right")
    return Chart(spec, f"Reliability, {len(task.genres)} genres")


def verdicts(found: Mapping[str, VerdictFigures], genres: int) -> Chart:
    """Return for each verdict how many songs get it, and how many of them it is right on."""
    rows = []
    for verdict, one in found.items():
        if one.coverage is not None and one.accuracy is not None:
            name = f"{verdict}, {FILTERS['share'](one.coverage)} of songs"
            rows += [
                _row(name, one.accuracy, "var(--good)", part="right", order=0),
                _row(name, 1 - one.accuracy, "var(--bad)", part="wrong", order=1),
            ]
    about = f"How often each answer is right, {genres} genres"
    return Chart(charts.stacked(rows, "share of the songs"), about)


def _table(name: str) -> str:
    return FILTERS["table_name"](name)


def _row(name: str, value: float, shade: str, **more: Any) -> Row:
    return {"name": name, "value": value, "colour": shade, **more}


def _bars(values: Iterable[tuple[str, float]]) -> list[Row]:
    return [_row(genre, value, colour(genre)) for genre, value in values]


def _dot(name: str, series: str, shade: str, value: float, error: float = 0) -> Row:
    return _row(name, value, shade, series=series, error=error)


def _legend(rows: Sequence[Row]) -> dict[str, str]:
    return {row.get("series", row["name"]): row["colour"] for row in rows}


def _segments(name: str, shares: Iterable[tuple[str, float]]) -> list[Row]:
    """Return the segments of a stacked bar, in the order of `shares`."""
    return [
        _row(name, value, colour(genre), part=genre, order=order)
        for order, (genre, value) in enumerate(shares)
        if value > 0
    ]


def _points(
    name: str, shade: str, points: Iterable[Sequence[float]], size: float = 4, dashed: int = 0
) -> list[Row]:
    own = {"name": name, "colour": shade, "size": size, "dashed": dashed}
    return [{"x": x, "y": y, "order": order, **own} for order, (x, y) in enumerate(points)]
