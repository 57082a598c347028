"""Plot of the benchmark: what the active model and the candidate recognise, against votes."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tests.bench.learning.runs import Run

COLOURS: Final = {"with": "#2563eb", "without": "#c2410c"}
PANELS: Final = {"honest": "Honest votes", "hostile": "Hostile votes"}


def write(found: Mapping[str, Sequence[Run]], genre: str, file: Path) -> None:
    """Write two panels as SVG: honest and hostile votes, with and without the gate."""
    # Text stays text, and equal figures give equal files.
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "learning", "font.size": 11}):
        figure = Figure(figsize=(9, 3.8), layout="constrained", facecolor="white")
        axes = figure.subplots(1, 2, sharey=True)
        for panel, (name, title) in zip(axes, PANELS.items(), strict=True):
            _draw(panel, found[name], genre)
            panel.set_title(title)
        axes[0].set_ylabel("accuracy, and F1 of one genre")
        axes[1].legend(frameon=False, loc="upper right", fontsize=9)
        figure.savefig(file, format="svg", metadata={"Date": None})


def _draw(axes: Axes, runs: Sequence[Run], genre: str) -> None:
    votes = [run.votes for run in runs]
    accuracy = {
        "with": [run.active.accuracy for run in runs],
        "without": [run.candidate.accuracy for run in runs],
    }
    f1 = {
        "with": [run.active.genre_f1[genre] for run in runs],
        "without": [run.candidate.genre_f1[genre] for run in runs],
    }
    for gate, colour in COLOURS.items():
        style = "-" if gate == "with" else "--"
        axes.plot(votes, accuracy[gate], style, color=colour, label=f"accuracy, {gate} the gate")
        axes.plot(
            votes,
            f1[gate],
            style,
            color=colour,
            marker="o",
            label=f"F1 of {genre}, {gate} the gate",
        )
    axes.set_xlabel("votes")
    axes.set_ylim(-0.02, 0.8)
    axes.grid(alpha=0.25)
    axes.spines[["top", "right"]].set_visible(False)
