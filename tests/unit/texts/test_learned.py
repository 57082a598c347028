"""What people read of the model's learning."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import texts
from bot.domain.cards import ModelRef
from bot.domain.statistics import DisputedSong, Learning, WorkspaceStats
from bot.texts import learned
from model.gate_report import GenreChange
from tests.support.factories import track

MODEL = ModelRef("wide", "1a2b3c4d")
COUNTRY = GenreChange("corrections", "country", 22, 0.41, 0.55, 0.4, 0.5)
FOLK = GenreChange("corrections", "folk", 12, 0.6, 0.58, 0.6, 0.58)


NOT_ON_THEM = "this version was not trained on them"
TRAINED = "Model wide, version 1a2b3c4d: "


@pytest.mark.parametrize(
    ("learning", "expected"),
    [
        (
            Learning(MODEL, 12, 512, (COUNTRY, FOLK)),
            [
                f"{TRAINED}12 corrections from all servers since its training.",
                (
                    "Its training, on 512 corrected songs, changed country: right 41 % before, "
                    "55 % now; folk: right 60 % before, 58 % now."
                ),
            ],
        ),
        (
            Learning(MODEL, 0, 1),
            [
                f"{TRAINED}no corrections since its training.",
                "Its training was on 1 corrected song.",
            ],
        ),
        (
            Learning(MODEL, 1, 0),
            [
                f"{TRAINED}1 correction since its training.",
                "Its training was on 0 corrected songs.",
            ],
        ),
        (
            Learning(MODEL, None, 2),
            ["Model wide, version 1a2b3c4d.", "Its training was on 2 corrected songs."],
        ),
        (Learning(MODEL), [f"{TRAINED}no corrections so far."]),
        (Learning(MODEL, 1), [f"{TRAINED}1 correction so far, not trained on yet."]),
        (
            Learning(MODEL, 1471),
            [f"{TRAINED}1,471 corrections from all servers so far; {NOT_ON_THEM}."],
        ),
    ],
)
def test_learning_is_said_with_its_figures(learning: Learning, expected: list[str]) -> None:
    assert list(learned.learning(learning)) == expected


def test_version_is_said_without_votes() -> None:
    stats = WorkspaceStats(2, 2, 0, 0, (), {"rock": 2}, {}, learning=Learning(MODEL))
    *_, invitation, last = texts.stats(stats).splitlines()
    assert invitation.startswith("No votes yet")
    assert last == "Model wide, version 1a2b3c4d: no corrections so far."


def test_workspace_without_answers_reads_the_version() -> None:
    said = texts.no_stats(Learning(MODEL))
    assert said == f"{texts.NO_STATS}\nModel wide, version 1a2b3c4d: no corrections so far."
    assert texts.no_stats(None) == texts.NO_STATS


def test_long_title_of_a_disputed_song_keeps_its_artist() -> None:
    song = track(title="Symphony No. 9 in D minor, Op. 125 " * 3, artists=("Ludwig van Beethoven",))
    name = learned.disputed_name(DisputedSong(song, {"a": 5, "b": 4}))
    assert name.startswith("Symphony No. 9 in D minor")
    assert name.endswith("\N{HORIZONTAL ELLIPSIS} \N{EN DASH} Ludwig van Beethoven")
    assert len(name) == learned.MAX_TITLE


def test_many_artists_of_a_disputed_song_leave_room_for_its_title() -> None:
    song = track(title="We Are the World 25 for Haiti", artists=("Justin Bieber", "Jennifer") * 5)
    name = learned.disputed_name(DisputedSong(song, {"a": 5, "b": 4}))
    assert name.startswith("We Are the World 25 for Haiti \N{EN DASH} Justin Bieber")
    assert len(name) <= learned.MAX_TITLE


@given(st.text(max_size=200), st.lists(st.text(max_size=100), max_size=4))
def test_name_of_a_disputed_song_is_bounded(title: str, artists: list[str]) -> None:
    song = DisputedSong(track(title=title, artists=tuple(artists)), {"a": 5, "b": 4})
    assert 0 < len(learned.disputed_name(song)) <= learned.MAX_TITLE


def test_disputed_song_is_one_line_with_its_votes() -> None:
    song = DisputedSong(track(title="Old\nTown Road", artists=("Lil Nas X",)), {"a": 5, "b": 4})
    assert learned.disputed(song) == "Old Town Road \N{EN DASH} Lil Nas X: 5 a, 4 b"
