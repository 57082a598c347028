"""Labels of songs to choose from."""

import pytest

from bot import texts
from bot.domain.tracks import Track

DASH = "\N{EN DASH}"


@pytest.mark.parametrize(
    ("title", "year", "label"),
    [
        ("Creep", None, f"Creep {DASH} Radiohead"),
        ("Creep", 1992, f"Creep {DASH} Radiohead (1992)"),
        ("Creep (Live)", 1994, f"Creep {DASH} Radiohead (1994, Live)"),
        ("Creep - Acoustic", None, f"Creep {DASH} Radiohead (Acoustic)"),
        ("Creep (feat. X) - Remastered", 1992, f"Creep {DASH} Radiohead (1992)"),
        ("Creep (Part Two) - Live", None, f"Creep (Part Two) {DASH} Radiohead (Live)"),
        ("(Nice Dream)", None, f"(Nice Dream) {DASH} Radiohead"),
        ("\u200b", None, f"(no title) {DASH} Radiohead"),
    ],
)
def test_label_tells_recordings_apart(title: str, year: int | None, label: str) -> None:
    assert texts.choice_label(Track(title=title, artists=("Radiohead",), year=year)) == label


def test_a_label_keeps_year_and_version_when_it_is_cut() -> None:
    long = Track(
        title=f"{'Creep ' * 50}(Live at {'Wembley ' * 20})", artists=("R" * 90,), year=1999
    )
    label = texts.choice_label(long)
    assert len(label) <= 80
    assert label.startswith("Creep Creep")
    assert "(1999, Live at Wembley" in label
    assert label.endswith("\N{HORIZONTAL ELLIPSIS})")


def test_a_label_has_one_line() -> None:
    label = texts.choice_label(Track(title="A\nB (Live\nC)", artists=("X\r\nY",)))
    assert label == f"A B {DASH} X Y (Live C)"
