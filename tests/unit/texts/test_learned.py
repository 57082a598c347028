"""What people read of the model's learning."""

import pytest

from bot import texts
from bot.domain.cards import ModelRef
from bot.domain.statistics import DisputedSong, Learning, WorkspaceStats
from bot.texts import learned
from model.gate_report import GenreChange
from tests.support.factories import track

MODEL = ModelRef("wide", "1a2b3c4d")
COUNTRY = GenreChange("corrections", "country", 22, 0.41, 0.55, 0.4, 0.5)
FOLK = GenreChange("corrections", "folk", 12, 0.6, 0.58, 0.6, 0.58)


@pytest.mark.parametrize(
    ("learning", "expected"),
    [
        (
            Learning(MODEL, 12, 512, (COUNTRY, FOLK)),
            [
                "Model wide, version 1a2b3c4d: 12 corrections since its last training.",
                (
                    "That training, on 512 corrected songs, changed country: right 41 % before, "
                    "55 % now; folk: right 60 % before, 58 % now."
                ),
            ],
        ),
        (
            Learning(MODEL, 0, 1),
            [
                "Model wide, version 1a2b3c4d: no corrections since its last training.",
                "That training was on 1 corrected song.",
            ],
        ),
        (
            Learning(MODEL, 1),
            ["Model wide, version 1a2b3c4d: 1 correction so far, none of them trained on yet."],
        ),
    ],
)
def test_learning_is_said_with_its_figures(learning: Learning, expected: list[str]) -> None:
    assert list(learned.learning(learning, voted=True)) == expected


def test_version_alone_is_said_without_votes() -> None:
    stats = WorkspaceStats(2, 2, 0, 0, (), {"rock": 2}, {}, learning=Learning(MODEL))
    *_, invitation, last = texts.stats(stats).splitlines()
    assert invitation.startswith("No votes yet")
    assert last == "Model wide, version 1a2b3c4d."


def test_disputed_song_is_one_line_with_its_votes() -> None:
    song = DisputedSong(track(title="Old\nTown Road", artists=("Lil Nas X",)), {"a": 5, "b": 4})
    assert learned.disputed(song) == "Old Town Road \N{EN DASH} Lil Nas X: 5 a, 4 b"
