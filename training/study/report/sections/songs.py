"""Section on the example songs and each model's predictions for them."""

from typing import Final

from model.schema import BY_NAME, RADAR
from training.study.report import formats
from training.study.report.blocks import collapsed, paragraph, section, swatches, table
from training.study.report.charts.radar import radar
from training.study.report.colours import of_genre
from training.study.report.html import Markup, Node, element
from training.study.report.names import find, genres_of, of_feature, of_model
from training.study.results import Report, Song, SongPrediction

MAX_DRAWN_GENRES: Final = 3
"""Number of a model's most probable genres that are drawn; the table lists all."""

STUDY_WINNER: Final = "forest-grid"
"""Key of the original study's best model, the grid-searched random forest."""


def songs(report: Report) -> Markup | None:
    """Return the section; None if the report has no example songs."""
    if not report.songs:
        return None
    count = len(report.songs)
    return section(
        "songs",
        f"The {'three' if count == MAX_DRAWN_GENRES else count} songs",
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
        f"Predictions of every model for {song.title}",
        ["model", "genres"],
        [[_model_label(report, one), _all(one)] for one in song.predictions],
        [1],
    )
    return element(
        "article",
        element("h3", named),
        paragraph(f"Labelled {song.genre}; values from table {song.table}.", kind="small"),
        _radar(report, song),
        paragraph(", ".join(values), kind="small"),
        [_top_genres(report, one) for one in song.predictions if _is_drawn(report, one)],
        collapsed("Predictions of every model", probabilities),
    )


def _is_drawn(report: Report, prediction: SongPrediction) -> bool:
    """Return whether a prediction is drawn: those of `STUDY_WINNER` and the shipped bundles are."""
    task = next((one for one in report.tasks if one.name == prediction.task), None)
    if task is None or find(task, prediction.model) is None:
        return True
    return prediction.model == (STUDY_WINNER if find(task, STUDY_WINNER) else task.best)


def _radar(report: Report, song: Song) -> list[Node]:
    """Return a radar chart of the song over the mean of its genre, with a legend."""
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


def _model_label(report: Report, prediction: SongPrediction) -> str:
    return f"{of_model(report, prediction.model)}, {genres_of(report, prediction.task)}"


def _all(prediction: SongPrediction) -> str:
    return ", ".join(f"{genre} {formats.share(p)}" for genre, p in prediction.genres.items())


def _top_genres(report: Report, prediction: SongPrediction) -> Markup:
    first = list(prediction.genres.items())[:MAX_DRAWN_GENRES]
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
        "div",
        paragraph(_model_label(report, prediction), kind="model-name"),
        element("ol", bars, class_="bars"),
    )
