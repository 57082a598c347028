"""The songs that the question began with, and what each model makes of them."""

from typing import Final

from model.schema import BY_NAME, RADAR
from training.study.report import formats
from training.study.report.blocks import more, paragraph, section, swatches, table
from training.study.report.charts.radar import radar
from training.study.report.colours import of_genre
from training.study.report.html import Markup, Node, element
from training.study.report.names import find, genres_of, of_feature, of_model
from training.study.results import Report, Song, SongPrediction

SHOWN: Final = 3
"""So many of a model's genres are drawn; all stand in the table."""

STUDYS_WINNER: Final = "forest-grid"
"""The key of the model that won the first study: a random forest, grid-searched."""


def songs(report: Report) -> Markup | None:
    """Return the section, None if no song was asked about."""
    if not report.songs:
        return None
    count = len(report.songs)
    return section(
        "songs",
        f"The {'three' if count == SHOWN else count} songs",
        paragraph("No model was trained on them: every copy was taken out before the split."),
        element("div", [_song(report, song) for song in report.songs], class_="songs"),
    )


def _song(report: Report, song: Song) -> Markup:
    named = f"{song.artist} \N{EN DASH} {song.title}"
    values = [
        f"{of_feature(name)} {formats.feature(value, BY_NAME[name].unit)}"
        for name, value in song.features.items()
        if name not in RADAR
    ]
    probabilities = table(
        f"What every model says of {song.title}",
        ["model", "genres"],
        [[_judge(report, one), _all(one)] for one in song.opinions],
        [1],
    )
    return element(
        "article",
        element("h3", named),
        paragraph(f"Catalogued as {song.genre}; values from table {song.table}.", kind="small"),
        _radar(report, song),
        paragraph(", ".join(values), kind="small"),
        [_opinion(report, one) for one in song.opinions if _is_drawn(report, one)],
        more("What every model says", probabilities),
    )


def _is_drawn(report: Report, opinion: SongPrediction) -> bool:
    """Tell whether an opinion is drawn: the study's forest's and the shipped bundles' are."""
    task = next((one for one in report.tasks if one.name == opinion.task), None)
    if task is None or find(task, opinion.model) is None:
        return True
    return opinion.model == (STUDYS_WINNER if find(task, STUDYS_WINNER) else task.best)


def _radar(report: Report, song: Song) -> list[Node]:
    """Draw the song before the mean of the genre that it stands for."""
    means = {
        row.feature: row.mean
        for explored in report.exploration
        for row in explored.distributions
        if row.genre == song.genre
    }
    lines = {"the song": of_genre(song.genre)}
    lines |= {f"mean of {song.genre}": "dashed"} if means else {}
    drawn = radar({song.genre: song.features}, f"Features of {song.title}", means)
    return [drawn, swatches(lines)]


def _judge(report: Report, opinion: SongPrediction) -> str:
    return f"{of_model(report, opinion.model)}, {genres_of(report, opinion.task)}"


def _all(opinion: SongPrediction) -> str:
    return ", ".join(f"{genre} {formats.share(p)}" for genre, p in opinion.genres.items())


def _opinion(report: Report, opinion: SongPrediction) -> Markup:
    first = list(opinion.genres.items())[:SHOWN]
    bars = [
        element(
            "li",
            element("span", genre, class_="genre"),
            element(
                "span",
                element(
                    "span",
                    class_="bar",
                    style=f"width:{100 * probability:.0f}%;background:{of_genre(genre)}",
                ),
                class_="track",
            ),
            element("span", formats.share(probability), class_="percent"),
        )
        for genre, probability in first
    ]
    return element(
        "div", paragraph(_judge(report, opinion), kind="judge"), element("ol", bars, class_="bars")
    )
