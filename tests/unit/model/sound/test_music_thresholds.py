"""The thresholds of the music guard are checked when they are read."""

import re

import pytest

from model.sound.music_thresholds import FILE, read, thresholds

TEXT = FILE.read_text(encoding="utf-8")


def test_thresholds_that_are_shipped_are_read() -> None:
    assert read(TEXT) == thresholds()
    assert thresholds().silent_below == -60
    assert thresholds().speech.long_seconds == 8


@pytest.mark.parametrize("name", re.findall(r"^(\w+) = ", TEXT, re.MULTILINE))
@pytest.mark.parametrize("value", ["", "{name} = nan", "{name} = true", "{name} = '1'"])
def test_missing_threshold_and_no_number_are_refused(name: str, value: str) -> None:
    line = re.compile(rf"^{name} = .*$", re.MULTILINE)
    with pytest.raises(ValueError, match="threshold"):
        read(line.sub(value.format(name=name), TEXT))


@pytest.mark.parametrize("added", ["max_age = 1", "[whistle]\nmax_level = 1"])
def test_unknown_threshold_is_refused(added: str) -> None:
    with pytest.raises(ValueError, match="threshold"):
        read(f"{TEXT}\n{added}\n")


def test_missing_section_is_refused() -> None:
    with pytest.raises(ValueError, match="sections"):
        read("silent_below = -60")
