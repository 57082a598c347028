"""The percentiles file: a recording counts once, each quantile is a song's own value."""

import json
from pathlib import Path

import pandas as pd
import pytest

from model.schema import NAMES
from training.__main__ import main
from training.percentiles import distinct, percentiles


def songs(**columns: list[float | None]) -> pd.DataFrame:
    """Return a dataset with the same value for each feature that is not given."""
    rows = len(next(iter(columns.values())))
    recordings = [str(number) for number in range(rows)]
    return pd.DataFrame(
        {name: columns.get(name, [0.5] * rows) for name in NAMES} | {"recording": recordings}
    )


def test_copies_of_a_recording_count_once_with_all_their_features() -> None:
    rows = songs(loudness=[None, -5.0, -9.0]).assign(recording=["a", "a", "b"])
    assert sorted(distinct(rows)["loudness"]) == [-9.0, -5.0]


def test_missing_values_are_left_out() -> None:
    assert set(percentiles(songs(loudness=[None, -5.0]))["loudness"]) == {-5.0}


def test_no_quantile_lies_between_major_and_minor() -> None:
    assert set(percentiles(songs(mode=[0.0, 1.0, 1.0]))["mode"]) == {0.0, 1.0}


def test_command_writes_all_features(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = data / "percentiles.json"
    assert main(["percentiles", "--data", str(data), "--out", str(out)]) == 0
    content = json.loads(out.read_text(encoding="utf-8"))
    assert list(content["features"]) == list(NAMES)
    assert content["features"]["energy"][100] == 0.9
    assert capsys.readouterr().out == f"{out}: {content['songs']} songs\n"


def test_file_that_cannot_be_written_is_one_line(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = data / "missing" / "percentiles.json"
    assert main(["percentiles", "--data", str(data), "--out", str(out)]) == 1
    assert capsys.readouterr().err == f"{out}: cannot be written: No such file or directory\n"
