"""Two versions of a model compared by their answers to songs."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.model_comparison import KnownSong, ModelComparison, VotedSong
from bot.services.model_comparison import as_dict, compare
from model.gate_report import GateReport
from tests.support.model_comparisons import REPORT, A, B

SONGS = (
    KnownSong("songs", "Jolene", "country", {"a": 0, "b": 1}),
    KnownSong("songs", "So What", "jazz", {"a": 2, "b": 2}),
    KnownSong("votes", "Creep", "rock", {"a": 3, "b": 0}),
    KnownSong("votes", "Untitled", "", {"a": 3, "b": 2}),
    KnownSong("votes", "No features", "rock", {"a": 3}),
)
GENRES = ("pop", "country", "jazz", "rock")


def answer(version: str) -> Any:
    """Return a model that reads the number of its answer from a song's values."""
    return lambda values: GENRES[int(values[version])] if version in values else None


def compared(report: GateReport | None = None) -> ModelComparison:
    return compare(A, B, (answer("a"), answer("b")), SONGS, report)


def test_songs_that_are_wrong_now_come_first() -> None:
    found = compared()
    assert [(one.song, one.a, one.b) for one in found.songs] == [
        ("Creep", "rock", "pop"),
        ("Jolene", "pop", "country"),
        ("Untitled", "rock", "jazz"),
    ]
    assert [one.lost for one in found.songs] == [True, False, False]
    assert [one.gained for one in found.songs] == [False, True, False]


def test_songs_that_a_model_cannot_answer_do_not_count() -> None:
    assert compared().compared == {"songs": 2, "votes": 2}


def test_genres_are_counted_by_where_songs_come_from() -> None:
    found = {(one.data, one.genre): one for one in compared().genres}
    assert set(found) == {("songs", "country"), ("songs", "jazz"), ("votes", "rock")}
    country, rock = found["songs", "country"], found["votes", "rock"]
    assert (country.right_before, country.right_after) == (0, 1)
    assert (rock.right_before, rock.right_after, rock.f1_before, rock.f1_after) == (1, 0, 1, 0)


def test_the_gates_figures_are_taken_if_it_compared_these_versions() -> None:
    same = compared(REPORT)
    assert same.gated
    assert {one.data for one in same.genres} == {"corrections", "fma", "votes"}
    assert same.genres[: len(REPORT.genres)] == REPORT.genres
    other = compared(replace(REPORT, active="other"))
    assert not other.gated
    assert {one.data for one in other.genres} == {"songs", "votes"}
    assert other.disagreements == REPORT.disagreements
    assert compared().disagreements == ()


def test_figures_are_paired() -> None:
    a = replace(A, metrics={"weighted_f1": 0.5, "rows": 10, "gate": {"passed": True}, "new": True})
    b = replace(B, metrics={"weighted_f1": 0.6, "top_3": 0.9})
    found = compare(a, b, (answer("a"), answer("b")), (), None)
    assert found.metrics == {"weighted_f1": (0.5, 0.6), "rows": (10, None), "top_3": (None, 0.9)}


def test_json_has_the_shape_that_scripts_rely_on() -> None:
    found = as_dict(compared(REPORT))
    assert list(found) == ["a", "b", "metrics", "compared", "genres", "songs", "disagreements"]
    assert found["a"]["version"] == "f9237298"
    assert found["b"]["state"] == "rejected"
    assert found["b"]["parent"] == "f9237298"
    assert found["songs"][0] == {"song": "Creep", "truth": "rock", "a": "rock", "b": "pop"}
    assert found["genres"][0]["right"] == {"a": 0.41, "b": 0.55}
    assert found["disagreements"][0] == {
        "song": "Wagon Wheel — Old Crow Medicine Show",
        "label": "country",
        "predicted": "folk",
        "probability": 0.0412,
        "weight": 2.5,
    }


@given(st.lists(st.tuples(st.sampled_from(GENRES), st.sampled_from(GENRES)), max_size=30))
def test_a_model_compared_with_itself_changes_nothing(songs: list[tuple[str, str]]) -> None:
    known = [
        KnownSong("votes", f"song {index}", truth, {"a": GENRES.index(given)})
        for index, (truth, given) in enumerate(songs)
    ]
    found = compare(A, A, (answer("a"), answer("a")), known, None)
    assert found.songs == ()
    assert all(one.right_before == one.right_after for one in found.genres)
    assert sum(one.songs for one in found.genres) == len(songs)


@pytest.mark.parametrize(
    ("votes", "truth"), [({"jazz": 2, "pop": 1}, "jazz"), ({"jazz": 1, "pop": 1}, ""), ({}, "")]
)
def test_the_genre_of_a_song_is_the_one_that_most_voted_for(
    votes: dict[str, int], truth: str
) -> None:
    assert VotedSong("song", votes, {}).truth == truth
