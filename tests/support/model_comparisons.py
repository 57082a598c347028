"""Comparisons of made-up versions of a model."""

from dataclasses import replace
from typing import Final

from bot.domain.model_comparison import ChangedSong, ModelComparison
from model.gate_report import Check, Disagreement, GateReport, GenreChange
from model.lifecycle import State, VersionEntry

A: Final = VersionEntry(
    "wide", "f9237298", State.ACTIVE, None, {}, "2026-01-31T14:05:00.000000+00:00", "promote",
    ("Asked for by hand.",), shipped=True,
)  # fmt: skip
B: Final = VersionEntry(
    "wide", "1a2b3c4d", State.REJECTED, "f9237298", {}, "2026-02-02T04:00:12.000000+00:00",
    "retrain", (
        "Genres have lost: jazz on FMA's test songs (41): F1 0.021, 0.043 before.",
        "74 of 131 corrections held back are right, 80 before.",
    ),
)  # fmt: skip

LONG_TITLE: Final = (
    "The Anthropocene Extinction of the Well-Tempered Synthesizer, Pt. IV: Donaudampfschifffahrts"
    "elektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft (Live at the Lyceum) — "
    "The 1st Philharmonic Orchestra of the Republic, <b>DJ & Friends</b>"
)

REPORT: Final = GateReport(
    active="f9237298",
    corrections=512,
    held_back=131,
    frozen={"fma": 1008, "songs": 37, "corrections": 131},
    checks=(
        Check("features", passed=True, sentence="It takes the same 13 features as before."),
        Check("changed", passed=True, sentence="1131 of 1176 songs have other probabilities."),
        Check(
            "f1_fma",
            passed=True,
            sentence="On FMA's test songs (1008), its weighted F1 is 0.541, 0.540 before "
            "(difference +0.001, 95 % interval -0.007 to +0.010).",
        ),
        Check(
            "each_genre",
            passed=False,
            sentence="Genres have lost: jazz on FMA's test songs (41): F1 0.021, 0.043 before.",
        ),
        Check(
            "held_back",
            passed=True,
            sentence="74 of 131 corrections held back are right, 52 before; mean probability of "
            "the agreed genre 48 %, 36 % before: it is better.",
        ),
        Check("calibration_fma", passed=True, sentence="On FMA's test songs, its expected "
              "calibration error is 0.041, 0.039 before."),
    ),
    genres=(
        GenreChange("corrections", "country", 61, 0.41, 0.55, 0.45, 0.58),
        GenreChange("corrections", "hip-hop", 40, 0.7, 0.7, 0.71, 0.72),
        GenreChange("corrections", "electronic", 30, 0.5, 0.4333, 0.52, 0.49),
        GenreChange("fma", "rock", 420, 0.61, 0.612, 0.616, 0.618),
        GenreChange("fma", "jazz", 41, 0.12, 0.05, 0.043, 0.021),
    ),
    disagreements=(
        Disagreement("Wagon Wheel — Old Crow Medicine Show", "country", "folk", 0.0412, 2.5),
        Disagreement(LONG_TITLE, "classical", "electronic", 0.002, 1.0),
    ),
)  # fmt: skip

COMPARISON: Final = ModelComparison(
    a=A,
    b=B,
    metrics={
        "weighted_f1": (0.5, None),
        "calibration_error": (0.0144, 0.0171),
        "rows": (7152, 7152),
    },
    compared={"songs": 37, "votes": 1204},
    genres=(
        *REPORT.genres,
        GenreChange("votes", "country", 204, 0.41, 0.55, 0.45, 0.58),
        GenreChange("votes", "r&b", 120, 0.3, 0.2, 0.33, 0.25),
    ),
    songs=(
        ChangedSong("votes", "Feeling Good — Nina Simone", "jazz", "jazz", "r&b"),
        ChangedSong("songs", "Jolene — Dolly Parton", "country", "r&b", "country"),
        ChangedSong("votes", LONG_TITLE, "classical", "electronic", "hip-hop"),
        ChangedSong("votes", "Untitled", "", "rock", "electronic"),
    ),
    report=REPORT,
)  # fmt: skip
"""A comparison with everything in it: wins, losses, a check that failed, a long title."""

BARE: Final = replace(COMPARISON, metrics={}, genres=(), songs=(), report=None)
"""A comparison of versions that answer alike, without figures and without a report."""
