"""The benchmark's report, as Markdown."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from tests.bench.learning.runs import Run

TITLES: Final = {
    "honest": "honest",
    "hostile": "hostile",
    "both": "500 honest and 200 hostile",
    "many": "honest, on songs of all genres",
}
MIN_GAIN: Final = 0.10
MAX_LOSS: Final = 0.02
MAX_SECONDS: Final = 600.0
MAX_MEGABYTES: Final = 4096.0


def report(found: Mapping[str, Sequence[Run]], genre: str, taken_for: str, machine: str) -> str:
    """Return tables of all runs and of the goals."""
    return "\n".join(_lines(found, genre, taken_for, machine)) + "\n"


def _lines(
    found: Mapping[str, Sequence[Run]], genre: str, taken_for: str, machine: str
) -> Iterator[str]:
    yield "# What corrections do"
    yield ""
    yield (
        f"Written by `make bench-learning` on {machine}. A model is fitted on tables in which "
        f"{genre} is labelled {taken_for}. Simulated people then vote on {genre} songs that it "
        "gets wrong; nine of ten votes are right on average, and people err towards the genre "
        "on the card. Hostile accounts, four to a song, all vote for the same wrong genre. "
        "`soundslike train retrain` runs on these votes without tables. Figures are of the "
        "tables' test songs, by artists that neither the models nor the votes know."
    )
    yield ""
    yield f"![Share of {genre} songs recognised against the number of votes](learning-curve.svg)"
    yield ""
    yield (
        f"| votes | | result | F1 of {genre} | largest loss of another genre | accuracy | "
        f"without the gate: F1 of {genre} | accuracy | time |"
    )
    yield "|---|---|---|---|---|---|---|---|---|"
    start = found["honest"][0]
    f1, accuracy = _percent(start.active.genre_f1[genre]), _percent(start.active.accuracy)
    yield f"| 0 | | | {f1} | | {accuracy} | | | |"
    for name, runs in found.items():
        for run in runs[1:]:
            yield _row(name, run, start, genre)
    yield ""
    for name, runs in found.items():
        for run in runs:
            if run.state == "rejected":
                yield f"- {run.votes:,} votes, {TITLES[name]}: {' '.join(run.reasons)}"
    yield ""
    yield "| goal | reached | |"
    yield "|---|---|---|"
    for goal, value, reached in _goals(found, genre):
        yield f"| {goal} | {value} | {'yes' if reached else 'NO'} |"


def _row(name: str, run: Run, start: Run, genre: str) -> str:
    other, loss = _largest_loss(run, start, genre)
    state = run.state if run.is_trained else "nothing to do"
    lost = f"{_points(-loss)} ({other})" if loss > 0 else ""
    return (
        f"| {run.votes:,} | {TITLES[name]} | {state} | {_percent(run.active.genre_f1[genre])} "
        f"| {lost} | {_percent(run.active.accuracy)} | {_percent(run.candidate.genre_f1[genre])} "
        f"| {_percent(run.candidate.accuracy)} | {run.seconds:.0f} s |"
    )


def _goals(found: Mapping[str, Sequence[Run]], genre: str) -> Iterator[tuple[str, str, bool]]:
    start, honest, many = found["honest"][0], found["honest"][-1], found["many"][-1]
    gain = honest.active.genre_f1[genre] - start.active.genre_f1[genre]
    other, loss = _largest_loss(honest, start, genre)
    yield (
        f"{honest.votes} honest votes lift the F1 of {genre} by {MIN_GAIN * 100:.0f} points",
        f"{_points(gain)}",
        gain >= MIN_GAIN,
    )
    yield (
        f"no other genre loses more than {MAX_LOSS * 100:.0f} points then",
        f"{_points(-loss)} ({other})",
        loss <= MAX_LOSS,
    )
    hostile = found["hostile"][-1]
    yield (
        f"{hostile.votes} hostile votes change nothing",
        hostile.state if hostile.active != start.active else "the model stays",
        hostile.active == start.active,
    )
    yield (
        f"{many.votes:,} votes retrain in under 10 minutes",
        f"{many.seconds:.0f} s",
        many.seconds < MAX_SECONDS,
    )
    yield (
        "and in under 4 GB",
        f"{many.megabytes:,.0f} MB",
        many.megabytes < MAX_MEGABYTES,
    )


def _largest_loss(run: Run, start: Run, genre: str) -> tuple[str, float]:
    """Return the other genre whose F1 fell most, and by how much; negative if all rose."""
    losses = {
        other: before - run.active.genre_f1[other]
        for other, before in start.active.genre_f1.items()
        if other != genre
    }
    worst = max(losses, key=lambda other: losses[other])
    return worst, losses[worst]


def _percent(share: float) -> str:
    return f"{share * 100:.1f} %"


def _points(gain: float) -> str:
    return f"{gain * 100:+.1f} points"
