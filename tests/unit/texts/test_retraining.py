"""Sentences for the operator about trainings."""

from datetime import UTC, datetime

import pytest

from bot.domain.statistics import biggest_changes
from bot.domain.trainings import Cause, TrainingResult, TrainingRun, TrainingState
from bot.texts import retraining as words
from bot.texts.learned import genre_change
from model.gate_report import GateReport, GenreChange

ACTIVE = "3f2a9c is now active."
NOW = datetime(2026, 1, 31, 14, 5, tzinfo=UTC)


def run(state: TrainingState, version: str | None = "3f2a9c", *reasons: str) -> TrainingRun:
    return TrainingRun(1, "wide", Cause.TIME, TrainingResult(state, version, reasons), NOW, NOW)


def change(genre: str, before: float, after: float, data: str = "tables") -> GenreChange:
    return GenreChange(data, genre, 100, before, after, 0.5, 0.5)


def report(*changes: GenreChange, corrections: int = 143) -> GateReport:
    return GateReport("b", corrections, 30, {}, (), changes)


@pytest.mark.parametrize(
    ("finished", "found", "sentence"),
    [
        (
            run(TrainingState.ACTIVE),
            report(change("country", 0.41, 0.55)),
            (
                "Retrained on 143 corrections: 3f2a9c is now active. country: right 41 % before, "
                "55 % now."
            ),
        ),
        (run(TrainingState.ACTIVE), report(), f"Retrained on 143 corrections: {ACTIVE}"),
        (run(TrainingState.ACTIVE), None, "Retrained: 3f2a9c is now active."),
        (
            run(TrainingState.ACTIVE, "3f2a9c", "All 16 checks passed.", "9 of 10 are right."),
            None,
            "Retrained: 3f2a9c is now active. All 16 checks passed. 9 of 10 are right.",
        ),
        (
            run(TrainingState.CANDIDATE, "3f2a9c", "All 16 checks passed.", "It waits."),
            report(change("jazz", 0.3, 0.4), corrections=1),
            (
                "Retrained on 1 correction: 3f2a9c is a candidate. It waits. jazz: right 30 % "
                "before, 40 % now."
            ),
        ),
        (
            run(TrainingState.REJECTED, "3f2a9c", "jazz is worse.", "it is slower"),
            report(change("jazz", 0.4, 0.3), corrections=1200),
            (
                "Retrained on 1,200 corrections: 3f2a9c was rejected, and the model stays as it "
                "is: jazz is worse; it is slower."
            ),
        ),
        (
            run(TrainingState.UNCHANGED, "3f2a9c", "nothing has changed"),
            None,
            "Not retrained: 3f2a9c stays active. Nothing has changed.",
        ),
        (
            run(TrainingState.FAILED, None, "the disk\nis full"),
            None,
            "Retraining failed, and the model stays as it is: the disk is full.",
        ),
        (run(TrainingState.BUSY, None), None, f"{words.TRAINS_ALREADY}."),
        (run(TrainingState.FAILED, None), None, "Retraining failed, and the model stays as it is."),
    ],
)
def test_result_is_one_short_line(
    finished: TrainingRun, found: GateReport | None, sentence: str
) -> None:
    assert words.result(finished, found) == sentence


def test_many_and_long_reasons_are_cut() -> None:
    text = words.result(run(TrainingState.REJECTED, "v", *("x" * 5000 for _ in range(9))))
    assert len(text) < 1100
    assert text.endswith("; and 6 more.")


def test_changes_of_genres_are_those_of_the_statistics() -> None:
    changes = [
        change("pop", 0.501, 0.502),
        change("rock", 0.5, 0.52),
        change("jazz", 0.5, 0.4),
        change("blues", 0.1, 0.9, "corrections"),
        change("folk", 0.5, 0.58, "corrections"),
    ]
    found = report(*changes)
    said = words.result(run(TrainingState.ACTIVE), found)
    assert said.endswith("blues: right 10 % before, 90 % now; folk: right 50 % before, 58 % now.")
    assert said.endswith("; ".join(map(genre_change, biggest_changes(found))) + ".")


@pytest.mark.parametrize(
    ("after", "at", "next_time", "sentence"),
    [
        (1, None, None, "the model is retrained after 1 new correction on which people agree"),
        (
            1000,
            "0 4 * * 1",
            NOW,
            (
                "the model is retrained after 1,000 new corrections on which people agree and at "
                "0 4 * * 1 (UTC), next on 31 January 2026 at 14:05"
            ),
        ),
        (
            0,
            "0 4 * * *",
            NOW,
            "the model is retrained at 0 4 * * * (UTC), next on 31 January 2026 at 14:05",
        ),
    ],
)
def test_schedule_is_described(
    after: int, at: str | None, next_time: datetime | None, sentence: str
) -> None:
    assert words.schedule(after, at, next_time) == sentence
