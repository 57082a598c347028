"""`make bench-learning`: what corrections do to a weakened model, honest and hostile ones.

python -m tests.bench.learning [--data DIR] [--write FOLDER]
"""

import argparse
import platform
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from model import folders
from model.classifier import Classifier
from model.store import BundleStore
from tests.bench.learning import people, plot, runs
from tests.bench.learning.people import SimulatedVote, Song
from tests.bench.learning.report import report
from tests.bench.learning.runs import Run, TestSongs
from tests.bench.learning.weakened import write_mislabelled
from training.dataset import load_dataset
from training.evaluation import truth_rows
from training.features import matrix
from training.split import Side
from training.tasks import TASKS

GENRE: Final = "country"
TAKEN_FOR: Final = "rock"
"""The weakened model learnt that country is rock."""

HOSTILE: Final = ("hip-hop", "classical")
"""Genre of the songs that hostile accounts vote on, and the one that they vote for."""

HONEST_COUNTS: Final = (50, 100, 200, 350, 500)
HOSTILE_COUNTS: Final = (50, 100, 200)
MANY: Final = 50_000
SEED: Final = 0


@dataclass(frozen=True, slots=True)
class Ground:
    """What all runs share: the weakened model, songs to vote on by genre, and songs to test on."""

    bundles: Path
    songs: Mapping[str, Sequence[Song]]
    test: TestSongs


def main() -> None:
    """Run the benchmark; print its report, and write it and the plot to a folder."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.learning", description=__doc__)
    parser.add_argument("--data", type=Path, default=folders.tables_folder(), metavar="DIR")
    parser.add_argument("--write", type=Path, metavar="FOLDER")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        ground = prepare(options.data, Path(folder) / "bundles")
        weak = Classifier(BundleStore(ground.bundles).load(runs.NAME))
        before = ground.test.measure(weak)
        start = Run(
            votes=0,
            is_trained=False,
            state="active",
            reasons=(),
            active=before,
            candidate=before,
            seconds=0,
            megabytes=0,
        )
        found: dict[str, list[Run]] = {}
        for name, votes in series(ground.songs):
            own = runs.run(
                Path(folder) / f"{name}-{len(votes)}", ground.bundles, votes, ground.test
            )
            found.setdefault(name, [start]).append(own)
            print(name, own.votes, own.state, *own.reasons, f"{own.seconds:.0f} s", flush=True)
    machine = f"Python {platform.python_version()}, {platform.machine()}, {platform.system()}"
    text = report(found, GENRE, TAKEN_FOR, machine)
    print(text)
    if options.write:
        (options.write / "learning-figures.md").write_text(text, encoding="utf-8")
        plot.write(found, GENRE, options.write / "learning-curve.svg")


def prepare(data: Path, bundles: Path) -> Ground:
    """Weaken the model, and divide the tables' songs by artist into those to vote and to test."""
    rows = load_dataset(data)
    task = next(task for task in TASKS if task.name == runs.NAME)
    write_mislabelled(bundles, rows, task, genre=GENRE, as_genre=TAKEN_FOR, seed=SEED)
    test = TestSongs.of(truth_rows(rows, task), task)
    train = truth_rows(rows, task, Side.TRAIN)
    train = train[(train["title"] != "") & (train["artist"] != "")].sample(
        frac=1, random_state=SEED
    )
    weak = Classifier(BundleStore(bundles).load(runs.NAME))
    best = weak.probabilities(matrix(train)).argmax(axis=1)
    shown = np.asarray(task.genres)[best]
    songs = people.songs_of(train, shown.tolist())
    by_genre = {genre: [song for song in songs if song.truth == genre] for genre in task.genres}
    return Ground(bundles, by_genre, test)


def series(songs: Mapping[str, Sequence[Song]]) -> Iterator[tuple[str, list[SimulatedVote]]]:
    """Yield the votes of each run, by the name of its series."""
    wrong = [song for song in songs[GENRE] if song.shown != GENRE]
    right = [song for song in songs[HOSTILE[0]] if song.shown == HOSTILE[0]]
    for count in HONEST_COUNTS:
        yield "honest", people.honest(wrong, count, SEED)
    for count in HOSTILE_COUNTS:
        yield "hostile", people.hostile(right, count, HOSTILE[1])
    everyone = people.honest(wrong, HONEST_COUNTS[-1], SEED)
    yield "both", everyone + people.hostile(right, HOSTILE_COUNTS[-1], HOSTILE[1])
    mixed = [song for own in songs.values() for song in own]
    order = np.random.default_rng(SEED).permutation(len(mixed))
    yield "many", people.honest([mixed[index] for index in order], MANY, SEED)


if __name__ == "__main__":
    main()
