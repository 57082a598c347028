"""Figures of what was heard of labelled clips."""

from pathlib import Path
from typing import Any

import pytest

from model.sound.heard import NoMusic
from model.verdicts import RIGHT, Verdict
from tests.support.fake_listener import heard
from training.sound.bench import line, main, report
from training.sound.card import read_figures
from training.sound.clips import Clip
from training.sound.heard_figures import Hearing, figures, interval

GENRES = {"rock": 0.6, "metal": 0.2, "pop": 0.1, "jazz": 0.1}


def hearing(label: str, seconds: float = 1.0, artist: str = "", **fields: Any) -> Hearing:
    values = {"genres": GENRES, "verdict": Verdict.PLAIN, **fields}
    return Hearing(Clip(Path("a.ogg"), label, artist), heard(**values), seconds)


def declined(label: str, kind: NoMusic) -> Hearing:
    return hearing(label, genres={}, verdict=Verdict.UNSURE, no_music=kind)


def test_a_label_counts_by_its_place() -> None:
    found = figures([hearing("rock"), hearing("metal"), hearing("pop"), hearing("jazz")])["genres"]
    places = [found["all"][name][:4] for name in ("first", "first two", "first three")]
    assert places == ["0.25", "0.50", "0.75"]
    assert found["rock"]["first"].startswith("1.00")
    assert found["metal"]["first"].startswith("0.00")


def test_genres_that_cannot_be_told_count_as_wrong_and_are_left_out_once_more() -> None:
    found = figures([hearing("rock"), hearing("latin")])["genres"]
    assert found["all"]["first three"].startswith("0.50")
    assert found["told"]["first"].startswith("1.00")


def test_intervals_are_wilsons() -> None:
    assert interval(5, 10) == "0.50 [0.24-0.76]"
    assert interval(0, 2) == "0.00 [0.00-0.66]"


def test_a_verdict_is_right_if_one_of_the_genres_that_it_names_is() -> None:
    hearings = [
        hearing("metal", verdict=Verdict.PLAIN),
        hearing("metal", verdict=Verdict.EITHER),
        hearing("jazz", verdict=Verdict.UNSURE),
    ]
    found = figures(hearings)["verdicts"]
    assert [found[verdict]["right"][:4] for verdict in Verdict] == ["0.00", "1.00", "0.00"]


def test_what_is_declined_is_counted_apart() -> None:
    content = figures(
        [
            hearing("rock"),
            declined("rock", NoMusic.NOISE),
            declined("speech", NoMusic.SPEECH),
            hearing("silence"),
        ]
    )
    assert content["genres"]["all"]["clips"] == 1
    found = content["music_or_not"]
    assert (found["music"]["as music"], found["music"]["as noise"]) == (1, 1)
    assert found["speech"] == {
        "clips": 1,
        "as music": 0,
        "as speech": 1,
        "as noise": 0,
        "as silence": 0,
    }
    assert found["silence"]["as music"] == 1


def test_artists_are_counted_where_they_are_known() -> None:
    found = figures([hearing("rock", artist="A"), hearing("rock", artist="A"), hearing("pop")])
    assert found["genres"]["all"]["artists"] == 1
    assert "artists" not in found["genres"]["pop"]


def test_the_calibration_error_is_told_of_many_clips_alone() -> None:
    clips = [*[hearing("rock")] * 18, *[hearing("pop")] * 12]
    few, many = (figures(one)["calibration"]["first genre"] for one in (clips[:29], clips))
    assert few["calibration error"] is None
    assert (many["mean probability"], many["right"], many["calibration error"]) == (0.6, 0.6, 0.0)


def test_clips_without_labels_are_heard_but_not_judged() -> None:
    content = figures([hearing("", 1.0), hearing("", 3.0)])
    assert set(content) == {"clips", "time"}
    assert content["time"]["a clip"] == {"median seconds": 2.0, "largest seconds": 3.0}


def test_a_line_says_what_is_heard() -> None:
    assert "rock 0.60 metal 0.20 (plain); classic rock, 70s, guitar" in line(hearing("rock"))
    assert "no music: speech" in line(declined("speech", NoMusic.SPEECH))


def test_all_figures_are_printed() -> None:
    text = "\n".join(report(figures([hearing("rock"), declined("noise", NoMusic.NOISE)])))
    assert "rock" in text
    assert "first 1.00 [0.21-1.00]" in text
    assert "as noise 1" in text


def test_a_folder_that_is_not_there_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path / "none")]) == 1
    assert "does not exist" in capsys.readouterr().err


def test_a_file_that_cannot_be_heard_is_passed_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.ogg").write_bytes(b"text")
    assert main([str(tmp_path)]) == 1
    captured = capsys.readouterr()
    assert "not heard" in captured.out
    assert "could be heard" in captured.err


@pytest.mark.parametrize("verdict", ["plain", "either"])
def test_what_is_stated_was_right_in_three_quarters_of_the_collected_clips(verdict: str) -> None:
    stated = read_figures()["genres_on_collected_clips"]["verdicts"][verdict]
    assert stated["clips"] > 0
    assert float(stated["right"].split()[0]) >= RIGHT
