"""Two versions of models compared: words of the page and lines of the terminal."""

from collections.abc import Iterator, Mapping
from typing import Final

from bot.domain.model_comparison import ChangedSong, ModelComparison
from bot.texts.numbers import percent
from bot.texts.song_sets import DATA, data_name, most_meaningful, within
from model.gate_report import GenreChange
from model.lifecycle import VersionEntry

HELP: Final = (
    "Compare two versions: their figures, the songs that they answer differently, and the genres "
    "that gain and lose."
)
VERSION_A: Final = "A version, as `models list` prints it."
VERSION_B: Final = "The version to compare with it."
JSON: Final = "Print one JSON object."
HTML: Final = "Write a page to this file."
EXAMPLES: Final = ("f9237298 3fa9c2d1", "f9237298 3fa9c2d1 --html changes.html")

PAGE: Final[Mapping[str, str]] = {
    "kicker": "Two versions compared",
    "versions": "The versions",
    "figures": "Figures",
    "gate": "What the gate found",
    "genres": "Genres",
    "songs": "Songs with another answer",
    "disagreements": "Training items in doubt",
    "figure": "Figure",
    "check": "Check",
    "result": "Result",
    "finding": "Finding",
    "genre": "Genre",
    "count": "Songs",
    "right": "Right, before and after",
    "f1": "F1, before and after",
    "song": "Song",
    "truth": "Its genre",
    "label": "Agreed genre",
    "predicted": "Answer",
    "probability_short": "Probability",
    "passed": "Passed",
    "failed": "Failed",
    "state": "State",
    "parent": "Parent",
    "moved": "Moved",
    "why": "Why",
    "was_right": "right",
    "was_wrong": "wrong",
    "unknown": "not known",
    "footer": (
        "Titles and genres only: this page names no people. Genres of songs that people voted on "
        "are those that most voted for."
    ),
}
"""Words of the page."""

FIGURES: Final[Mapping[str, str]] = {
    "weighted_f1": "Weighted F1",
    "macro_f1": "Macro F1",
    "top_3": "Genre among the first three",
    "calibration_error": "Calibration error",
    "rows": "Test songs",
}
"""Names of the main figures."""


CHECKS: Final[Mapping[str, str]] = {
    "features": "Features",
    "genres": "Genres",
    "probabilities": "Probabilities",
    "changed": "Changes",
    "each_genre": "Each genre",
    "each_genre_drawn": "Each genre on drawn songs",
    "held_back": "Corrections held back",
    "size": "Size",
    "latency": "Speed",
    "sane": "Well-known songs",
}
"""Names of the gate's checks that there are once."""

CHECKS_OF_DATA: Final[Mapping[str, str]] = {
    "f1_": "Overall",
    "core_f1_": "With core features alone",
    "calibration_": "Calibration",
}
"""Names of the gate's checks of each set of songs, by the beginning of their names."""

WAYS: Final[Mapping[str, str]] = {"up": "more", "down": "less", "same": "unchanged"}
"""What the marks of a change mean, for people who do not see them."""

GENRES_LEGEND: Final = (
    "Share of each genre's songs that are answered with that genre. The ring is before, the dot "
    "after."
)
CHECKS_CAPTION: Final = "Checks of the gate; a version is promoted only if it passes all of them"
FIGURES_CAPTION: Final = "Measured on the test songs of the training tables when it was fitted"
DISAGREEMENTS_LEGEND: Final = (
    "Songs whose agreed genre the version does not give, though it was trained on it, with the "
    "probability that it gives to that genre. Wrong labels are often among the first."
)
DISAGREEMENTS_CAPTION: Final = "Training items, the least probable first"

LISTED: Final = 20
"""Songs that the terminal lists."""

NO_FIGURES: Final = "Neither version has measured figures."
NO_SONGS: Final = "No song is answered differently."
NO_REPORT: Final = "The gate has not judged this version, so there is no report."
NO_DISAGREEMENTS: Final = "No training item is in doubt."
NO_GENRES: Final = "No song with a known genre was compared."


def title(comparison: ModelComparison) -> str:
    """Return the title: both versions."""
    a, b = comparison.a, comparison.b
    before = a.version if a.name == b.name else f"{a.name} {a.version}"
    return f"{b.name} {b.version} compared with {before}"


def summary(comparison: ModelComparison) -> str:
    """Return how many songs are right, of those that say most, and how many answers change."""
    changed, total = len(comparison.songs), sum(comparison.compared.values())
    if not changed:
        return f"All {total:,} songs are answered alike."
    return f"{_right(comparison)}{changed:,} of {total:,} songs are answered differently."


def gate_summary(comparison: ModelComparison) -> str:
    """Return in a sentence whether the gate passed B, and how many checks."""
    if comparison.report is None:
        return NO_REPORT
    checks = comparison.report.checks
    passed = sum(check.passed for check in checks)
    verdict = "It passed" if comparison.report.passed else "It was refused"
    return (
        f"{verdict}: {passed} of {len(checks)} checks passed, compared with "
        f"{comparison.report.active}. It was trained on {comparison.report.corrections:,} "
        f"corrections; {comparison.report.held_back:,} were held back to judge it."
    )


def check_name(name: str) -> str:
    """Return the name of a check of the gate for people."""
    if name in CHECKS:
        return CHECKS[name]
    for start, text in CHECKS_OF_DATA.items():
        if name.startswith(start) and (data := DATA.get(name.removeprefix(start))):
            return f"{text}: {within(data)}"
    return name.replace("_", " ")


def winners(comparison: ModelComparison) -> str:
    """Return which genre gained and which lost most, on the songs that say most."""
    moved = [one for one in comparison.genres if one.right_before != one.right_after]
    if not moved:
        return "No genre gains or loses." if comparison.genres else NO_GENRES
    moved = most_meaningful(moved)
    best = max(moved, key=_gain)
    worst = min(moved, key=_gain)
    parts = []
    if _gain(best) > 0:
        parts.append(f"{best.genre} gains most ({_rights(best)})")
    if _gain(worst) < 0:
        parts.append(f"{worst.genre} loses most ({_rights(worst)})")
    return f"On {within(data_name(comparison, best.data))}: {'; '.join(parts)}."


def figure(name: str, value: float | None) -> str:
    """Return a main figure as text."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if name == "rows" else f"{value:.3f}"


def figure_name(name: str) -> str:
    """Return the name of a main figure for people."""
    return FIGURES.get(name, name.replace("_", " "))


def moved(entry: VersionEntry) -> str:
    """Return when and by what a version was moved last; "" if it never was."""
    if not entry.at:
        return "came with the program" if entry.shipped else ""
    day, time = entry.at[:10], entry.at[11:16]
    return f"{day} {time} UTC by {entry.by}" if entry.by else f"{day} {time} UTC"


def shares(before: float, after: float) -> str:
    """Return two shares, as in "41 % → 55 %"."""
    return f"{percent(before)} → {percent(after)}"


def scores(before: float, after: float) -> str:
    """Return two scores, as in "0.41 → 0.55"."""
    return f"{before:.2f} → {after:.2f}"


def songs_caption(comparison: ModelComparison) -> str:
    """Return which songs were compared."""
    parts = [
        f"{count:,} {within(data_name(comparison, source))}"
        for source, count in comparison.compared.items()
        if count
    ]
    return f"Of {' and '.join(parts)}; those that are wrong now and were right come first"


def lines(comparison: ModelComparison) -> Iterator[str]:
    """Yield the comparison as lines of the terminal."""
    yield title(comparison)
    yield summary(comparison)
    for name, (before, after) in comparison.metrics.items():
        yield f"  {figure_name(name)}: {figure(name, before)} → {figure(name, after)}"
    yield winners(comparison)
    for change in comparison.genres:
        if change.right_before != change.right_after:
            data = data_name(comparison, change.data)
            yield f"  {change.genre} ({data}; {change.songs:,}): {_rights(change)}"
    for song in comparison.songs[:LISTED]:
        yield f"  {changed_song(song)}"
    if (more := len(comparison.songs) - LISTED) > 0:
        yield f"  and {more:,} more songs"
    yield gate_summary(comparison)
    if comparison.report:
        yield from (f"  {sentence}" for sentence in comparison.report.failures)


def changed_song(song: ChangedSong) -> str:
    """Return a line about a song that is answered differently."""
    known = f" (it is {song.truth})" if song.truth else ""
    return f"{song.song}: {song.a} → {song.b}{known}"


def more_songs(count: int) -> str:
    """Return that a list does not have all songs."""
    return f"{count:,} more songs are answered differently; `models compare --json` lists all."


def written(path: object) -> str:
    """Return that the page was written."""
    return f"The page is in {path}"


def not_written(path: object, why: object) -> str:
    """Return that the page could not be written."""
    return f"{path} cannot be written: {why}"


def _gain(change: GenreChange) -> float:
    """Return how many more songs of a genre are right."""
    return change.songs * (change.right_after - change.right_before)


def _rights(change: GenreChange) -> str:
    return f"right {shares(change.right_before, change.right_after)}"


def _right(comparison: ModelComparison) -> str:
    """Return how many of the songs that say most are right, as a sentence with a space."""
    genres = most_meaningful(comparison.genres)
    if not genres:
        return ""
    songs = sum(one.songs for one in genres)
    before = sum(round(one.songs * one.right_before) for one in genres)
    after = sum(round(one.songs * one.right_after) for one in genres)
    data = within(data_name(comparison, genres[0].data))
    return f"Of {songs:,} {data}, {after:,} are right, {before:,} before. "
