"""Damaged files end in a sound or in a typed error."""

import itertools
import sys
import tempfile
from collections import Counter
from pathlib import Path

import pytest

from model.sound.decoding import decode
from model.sound.errors import NotAudio, Problem
from tests.support.fuzzed_sounds import ConfinedDecoder, good_files, mutations

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="uses pipes of POSIX")

ENDS = {"decoded", *Problem}


def ends_in_process(folder: Path, number: int, seed: int) -> tuple[Counter[str], int]:
    files = good_files(folder)
    with ConfinedDecoder() as decoder:
        assert {decoder.decode(file) for file in files} == {"decoded"}
        damaged = itertools.islice(mutations(files, seed), number)
        ends = Counter(decoder.decode(file) for file in damaged)
        assert {decoder.decode(file) for file in files} == {"decoded"}
    return ends, len(decoder.deaths)


def ends_of_processes(folder: Path, number: int, seed: int) -> Counter[str]:
    ends: Counter[str] = Counter()
    for data in itertools.islice(mutations(good_files(folder), seed), number):
        with tempfile.TemporaryFile() as file:
            file.write(data)
            file.flush()
            try:
                decode(file)
                ends["decoded"] += 1
            except NotAudio as error:
                ends[error.problem] += 1
    return ends


def test_three_hundred_damaged_files(tmp_path: Path) -> None:
    ends, _ = ends_in_process(tmp_path, 300, seed=1)

    assert ends.total() == 300
    assert set(ends) <= ENDS
    assert ends["decoded"] > 50
    assert ends[Problem.DAMAGED] > 30


def test_damaged_files_in_processes_of_their_own(tmp_path: Path) -> None:
    ends = ends_of_processes(tmp_path, 25, seed=2)

    assert ends.total() == 25
    assert set(ends) <= ENDS


@pytest.mark.long
@pytest.mark.parametrize("seed", range(5))
def test_twenty_thousand_damaged_files(seed: int, tmp_path: Path) -> None:
    ends, deaths = ends_in_process(tmp_path, 4_000, seed=1000 + seed)

    assert ends.total() == 4_000
    assert set(ends) <= ENDS
    # Libraries in C die of some; most must not, or what is tried is always the same.
    assert deaths < 100


@pytest.mark.long
def test_hundreds_of_damaged_files_in_processes_of_their_own(tmp_path: Path) -> None:
    ends = ends_of_processes(tmp_path, 300, seed=3)

    assert ends.total() == 300
    assert set(ends) <= ENDS
