"""The charts of the report, by name: which results each of them shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from model.genre_colours import genre_colours
from model.schema import RADAR
from training.study.report import charts, facts
from training.study.report.charts import MUTED, Row, Spec
from training.study.report.formats import score, share, table_name
from training.study.results import (
    Condition,
    Exploration,
    LabelMeaning,
    ModelResult,
    Report,
    Song,
    TaskResult,
)

ACCENT: Final = "var(--accent)"
WARM: Final = "var(--warm)"
GROUPS: Final = {
    "ours": ("our ensemble", ACCENT),
    "challenger": ("boosted trees", WARM),
    "study": ("the study\N{RIGHT SINGLE QUOTATION MARK}s nine", MUTED),
}
MODELS: Final = {
    "ours": ("our ensemble", ACCENT),
    "forest": ("random forest", MUTED),
    "boosting": ("boosted trees", WARM),
    "boosting, as they are": ("boosted trees on rows as they are", WARM),
    "boosting, filled and hidden": ("boosted trees on rows filled and hidden", MUTED),
}
PUBLISHED: Final = (0.76, "0.76: the study\N{RIGHT SINGLE QUOTATION MARK}s published figure")
MAX_PAIRS: Final = 12
MAX_LABELS: Final = 12


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart: its specification, what it shows, and the CSS colour of each series."""

    spec: Spec
    about: str
    legend: Mapping[str, str] = field(default_factory=dict)


def colour(genre: str) -> str:
    """Return the CSS value of a genre's colour."""
    return f"var(--genre-{genre.replace('&', 'n')})"


def colour_variables(theme: str) -> str:
    """Return the CSS declarations of the genres' colours."""
    colours = genre_colours("dark" if theme == "dark" else "light")
    return "".join(f"{colour(one)[4:-1]}:{value};" for one, value in colours.items())


def question(report: Report) -> list[Chart]:
    """Return the radar of the question's song, and its most probable genres."""
    song = facts.question_song(report)
    probable = facts.shipped(song) if song else {}
    if song is None or not probable or not {"country", "hip-hop"} <= set(report.typical):
        return []
    own = {"Old Town Road": song.features} | {
        f"typical {genre} song": report.typical[genre] for genre in ("hip-hop", "country")
    }
    colours = dict(zip(own, ("var(--ink)", colour("hip-hop"), colour("country")), strict=True))
    shapes = {name: {axis: values[axis] for axis in RADAR} for name, values in own.items()}
    rows = [_bar(genre, value) for genre, value in facts.top(probable, 6)]
    return [
        Chart(charts.radar(shapes, colours), "Features of Old Town Road", colours),
        Chart(charts.bars(rows, "probability", ".0%"), "Our probabilities for Old Town Road"),
    ]


def song(one: Song) -> list[Chart]:
    """Return the most probable genres of an example song; none without a shipped model."""
    rows = [_bar(genre, value) for genre, value in facts.top(facts.shipped(one), 4)]
    return [Chart(charts.bars(rows, "probability", ".0%"), "Our probabilities")] if rows else []


def tempo(exploration: Exploration) -> Chart:
    """Return the bars of mean tempo."""
    rows = [_bar(one.genre, one.mean) for one in facts.ranked(exploration, "tempo")]
    return Chart(charts.bars(rows, "BPM", ".0f"), f"Mean tempo in BPM, {len(rows)} genres")


def radar(exploration: Exploration) -> list[Chart]:
    """Return one radar of few genres, or one of each genre with the mean of all."""
    means = _means(exploration)
    if len(means) <= len(GROUPS):
        colours = {genre: colour(genre) for genre in means}
        return [Chart(charts.radar(means, colours), "Mean features of each genre", colours)]
    mean = {axis: sum(own[axis] for own in means.values()) / len(means) for axis in RADAR}
    return [
        Chart(
            charts.radar(
                {"all genres": mean, genre: own},
                {"all genres": MUTED, genre: colour(genre)},
                names=False,
            ),
            genre,
        )
        for genre, own in means.items()
    ]


def spreads(exploration: Exploration, feature: str) -> Chart:
    """Return the box plots of a feature."""
    rows = [
        {
            "name": one.genre,
            "colour": colour(one.genre),
            **dict(zip(("q5", "q25", "q50", "q75", "q95"), one.quantiles, strict=True)),
        }
        for one in sorted(facts.ranked(exploration, feature), key=lambda one: -one.quantiles[2])
    ]
    form = ".0f" if feature in {"tempo", "loudness"} else ".2f"
    if feature == "duration_ms":
        rows = [{k: v / 60000 if isinstance(v, float) else v for k, v in r.items()} for r in rows]
    title = "duration in minutes" if feature == "duration_ms" else feature
    return Chart(charts.ranges(rows, title, form), title)


def separation(exploration: Exploration) -> Chart:
    """Return a row of genres for each feature, from low to high values."""
    rows: list[Row] = []
    for name, _ in facts.separating(exploration):
        column = exploration.features.index(name)
        own = sorted(
            (values[column], genre)
            for genre, values in zip(exploration.genres, exploration.separation, strict=True)
        )
        rows += [
            {
                "name": name.removesuffix("_ms"),
                "part": genre,
                "value": value,
                "colour": colour(genre),
                "label": genre if number in {0, len(own) - 1} else "",
            }
            for number, (value, genre) in enumerate(own)
        ]
    spec = charts.strip(rows, "higher than in other genres", "lower than other genres", "higher")
    return Chart(spec, "How often a song of the genre has a higher value than one of another genre")


def overlaps(exploration: Exploration) -> Chart:
    """Return the bars of the pairs that overlap most."""
    own = sorted(exploration.overlaps, key=lambda one: -one.overlap)[:MAX_PAIRS]
    rows = [_plain(f"{one.first} \N{EN DASH} {one.second}", one.overlap) for one in own]
    return Chart(charts.bars(rows, "overlap", ".0%"), "Overlap of two genres")


def models(task: TaskResult) -> Chart:
    """Return the weighted F1 of each model, with its error."""
    own = sorted(task.models, key=lambda one: -one.test.weighted_f1)
    rows = [
        {
            "name": one.name,
            "series": GROUPS[one.group][0],
            "value": one.test.weighted_f1,
            "error": one.error,
            "colour": GROUPS[one.group][1],
        }
        for one in own
    ]
    reference = PUBLISHED if task.name == "study" else None
    spec = charts.dots(rows, "weighted F1 on test songs", reference=reference, dodge=False)
    about = f"Weighted F1 of {len(rows)} models on test songs, {len(task.genres)} genres"
    return Chart(spec, about, dict(GROUPS.values()))


def roc(task: TaskResult) -> list[Chart]:
    """Return the ROC curves of our model, for few genres with those of the study's best."""
    drawn: list[tuple[ModelResult, bool]] = [(facts.shown(task), False)]
    other = task.find(task.best_of_study)
    if other and other is not drawn[0][0] and len(task.genres) <= len(GROUPS):
        drawn.append((other, True))
    rows = [
        {
            "series": f"{genre}, {model.name}",
            "x": x,
            "y": y,
            "order": number,
            "colour": colour(genre),
            "size": 4,
            "dashed": dashed,
        }
        for model, dashed in drawn
        for genre, points in model.roc.items()
        for number, (x, y) in enumerate(points)
    ]
    spec = charts.lines(
        rows, "other songs taken for the genre", "songs found", diagonal=True, form=".0%"
    )
    curves = Chart(spec, "ROC curve of each genre", {one: colour(one) for one in drawn[0][0].roc})
    areas = facts.top(drawn[0][0].test.auc, len(task.genres))
    bars = charts.bars([_bar(*pair) for pair in areas], "area under the curve", ".2f")
    return [curves, Chart(bars, "Area under the ROC curve")]


def confusion(task: TaskResult) -> Chart:
    """Return for each genre what its songs are taken for."""
    rows = []
    for genre, counts in zip(task.genres, facts.shown(task).confusion, strict=True):
        order = sorted(zip(task.genres, counts, strict=True), key=lambda one: (one[0] != genre, -one[1]))
        rows += _segments(genre, {one: count / max(sum(counts), 1) for one, count in order})
    return Chart(charts.stacked(rows, "share of its songs"), "What the songs of each genre are taken for")


def agreement(report: Report) -> Chart:
    """Return the bars of how often two tables agree."""
    rows = [
        _plain(f"{table_name(one.first)}, {table_name(one.second)}", one.share)
        for one in sorted(report.agreements, key=lambda one: -one.share)
    ]
    return Chart(charts.bars(rows, "same genre", ".0%"), "Same recording, same genre: pairs of tables")


def meanings(labels: Sequence[LabelMeaning]) -> Chart:
    """Return for labels what sources say of the artists of their songs."""
    rows = []
    for one in facts.surprising(labels, MAX_LABELS):
        name = f"\N{LEFT DOUBLE QUOTATION MARK}{one.label}\N{RIGHT DOUBLE QUOTATION MARK}, {table_name(one.table)}"
        rows += _segments(name, dict(facts.top(one.shares, len(one.shares))))
    return Chart(charts.stacked(rows, "share of the songs"), "Genre of the artist, by label")


def conditions(found: Sequence[Condition], about: str, by: str = "model") -> Chart:
    """Return the weighted F1 of conditions: one row for each, one series for each model.

    With `by` "condition", one series for each condition instead.
    """
    series = list(dict.fromkeys(getattr(one, by) for one in found))
    colours = dict(zip(series, (ACCENT, MUTED, WARM), strict=False))
    rows = []
    for one in found:
        name = one.model if by == "condition" else one.condition
        where = [MODELS.get(name, (table_name(name),))[0], one.tested_on and f"on {one.tested_on}"]
        own = getattr(one, by)
        label, shade = MODELS.get(own, (own, colours[own]))
        rows.append(
            {
                "name": ", ".join(filter(None, where)),
                "series": label,
                "value": one.figures.weighted_f1,
                "error": one.error,
                "colour": shade,
            }
        )
    return Chart(charts.dots(rows, "weighted F1"), about, {r["series"]: r["colour"] for r in rows})


def by_genre(found: Sequence[Condition]) -> Chart:
    """Return the F1 of each genre under two conditions."""
    colours = dict(zip((one.condition for one in found), (ACCENT, MUTED), strict=True))
    genres = sorted(found[0].by_genre, key=lambda genre: -found[0].by_genre[genre])
    rows = [
        {
            "name": genre,
            "series": one.condition,
            "value": one.by_genre.get(genre, 0),
            "error": 0,
            "colour": colours[one.condition],
        }
        for genre in genres
        for one in found
    ]
    return Chart(charts.dots(rows, "F1", dodge=False), "F1 of each genre", colours)


def learning(found: Sequence[Condition], genres: int) -> Chart:
    """Return the learning curves of one task."""
    rows = [
        {
            "series": MODELS[one.model][0],
            "x": float(one.condition),
            "y": one.figures.weighted_f1,
            "order": number,
            "colour": MODELS[one.model][1],
            "size": 80,
            "dashed": False,
        }
        for number, one in enumerate(found)
    ]
    spec = charts.lines(rows, "share of the training artists", "weighted F1", log=True, form=".0%")
    legend = {str(row["series"]): str(row["colour"]) for row in rows}
    return Chart(spec, f"Learning curve, {genres} genres", legend)


def reliability(task: TaskResult) -> Chart:
    """Return how often guesses of each probability are right."""
    most = max((one.songs for one in task.reliability), default=1)
    rows = [
        {
            "series": f"{one.songs:,} songs",
            "x": one.probability,
            "y": one.accuracy,
            "order": number,
            "colour": ACCENT,
            "size": 40 + 500 * one.songs / most,
            "dashed": False,
        }
        for number, one in enumerate(task.reliability)
    ]
    spec = charts.lines(rows, "probability given", "share right", diagonal=True, form=".0%")
    return Chart(spec, f"Reliability, {len(task.genres)} genres")


def verdicts(task: TaskResult) -> Chart:
    """Return for each verdict how many songs get it, and how many of them it is right on."""
    rows = []
    for one in task.verdicts:
        for order, (part, value, shade) in enumerate(
            (
                ("right", one.accuracy, "var(--good)"),
                ("second right", one.either - one.accuracy, MUTED),
                ("wrong", 1 - one.either, "var(--bad)"),
            )
        ):
            name = f"{one.verdict}, {share(one.share)} of songs"
            rows.append({"name": name, "part": part, "value": value, "colour": shade, "order": order})
    about = f"How often each verdict is right, {len(task.genres)} genres"
    return Chart(charts.stacked(rows, "share of the songs"), about)


def _means(exploration: Exploration) -> dict[str, dict[str, float]]:
    means: dict[str, dict[str, float]] = {genre: {} for genre in exploration.genres}
    for one in exploration.spreads:
        if one.feature in RADAR:
            means[one.genre][one.feature] = one.mean
    return means


def _bar(genre: str, value: float) -> Row:
    return {"name": genre, "value": value, "colour": colour(genre)}


def _plain(name: str, value: float) -> Row:
    return {"name": name, "value": value, "colour": ACCENT}


def _segments(name: str, shares: Mapping[str, float]) -> list[Row]:
    """Return the segments of a stacked bar, in the order of `shares`."""
    return [
        {"name": name, "part": genre, "value": value, "colour": colour(genre), "order": number}
        for number, (genre, value) in enumerate(shares.items())
        if value > 0
    ]
