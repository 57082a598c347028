"""The head: what it is fitted on, and how it is measured."""

from dataclasses import replace

import numpy as np
import pytest

from model.genres import WIDE
from model.sound.front_end import Floats
from model.sound.head import Head
from tests.unit.training.made_up_sounds import (
    ARTISTS,
    CLIPS,
    GENRES,
    MadeUp,
    labelled_clips,
    row_of,
)
from training.sound.clips import Clip
from training.sound.comparison import compare, measured, paired_difference, verdicts, wilson
from training.sound.examples import MIN_ARTISTS, MIN_CLIPS, Examples, Heard, evened, examples, heard
from training.sound.head_training import fit_head, folds, out_of_fold
from training.sound.heard_clips import ClipSound
from training.sound.heard_votes import HeardVote

RNG = np.random.default_rng(5)


def sound(value: float = 0.0) -> ClipSound:
    return ClipSound({"msd": {"rock": 0.5}}, np.full(200, value, np.float32))


def vote(genre: str = "rock", artist: str = "", weight: int = 1, value: float = 0.0) -> HeardVote:
    return HeardVote(genre, weight, artist, np.full(200, value, np.float32))


@pytest.fixture(scope="module")
def taught() -> Examples:
    return MadeUp().examples()


@pytest.fixture(scope="module")
def tested(taught: Examples) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return out_of_fold(taught, GENRES, seed=0)


def right(head: Head, embeddings: Floats, genre: str) -> float:
    """Return the share of the sounds that the head says are of a genre."""
    best = head.of_inputs(embeddings).argmax(axis=1)
    return float((best == list(head.genres).index(genre)).mean())


def test_a_head_knows_new_sounds(taught: Examples) -> None:
    head = fit_head(taught, GENRES, seed=0)
    fresh = MadeUp(seed=99).examples()
    for genre in GENRES:
        assert right(head, fresh.embeddings[fresh.truth == genre], genre) > 0.8


def test_the_same_seed_gives_the_same_head(taught: Examples) -> None:
    one, other = (fit_head(taught, GENRES, seed=3) for _ in range(2))
    assert one.to_bytes() == other.to_bytes()


def test_a_head_of_two_genres_knows_both() -> None:
    head = fit_head(MadeUp().examples(GENRES[:2]), GENRES[:2], seed=0)
    fresh = MadeUp(seed=99).examples()
    for genre in GENRES[:2]:
        assert right(head, fresh.embeddings[fresh.truth == genre], genre) > 0.8


def test_no_artist_is_on_both_sides(taught: Examples) -> None:
    seen = []
    for train, test in folds(taught, 5, seed=0):
        assert not set(taught.artists[train]) & set(taught.artists[test])
        assert {*taught.truth[train]} == set(GENRES)
        seen += test.tolist()
    assert sorted(seen) == list(range(len(taught)))


def test_clips_are_measured_by_heads_that_did_not_hear_their_artist() -> None:
    """An artist's own sound says nothing about other artists, and may not help."""
    base = MadeUp(embedded=0.0).examples()
    names, group = np.unique(base.artists, return_inverse=True)
    mark = RNG.normal(0, 8, (len(names), 200)).astype(np.float32)
    marked = replace(base, embeddings=base.embeddings + mark[group])
    found = out_of_fold(marked, GENRES, seed=0)
    best = np.array(GENRES)[found.argmax(axis=1)]
    assert (best == marked.truth).mean() < 0.55
    head = fit_head(marked, GENRES, seed=0)
    heard_before = np.array(GENRES)[head.of_inputs(marked.embeddings).argmax(axis=1)]
    assert (heard_before == marked.truth).mean() > 0.9


def test_votes_train_but_are_not_measured(taught: Examples) -> None:
    clips = labelled_clips()
    rng = np.random.default_rng(1)
    sounds = [MadeUp().sound(clip.label, rng) for clip in clips]
    artist = clips[0].artist
    votes = [vote("reggae", "New Band", 5, 1.0), vote("rock", artist, 1, 2.0)]
    both = examples(Heard(clips, sounds, {}), {}, votes)
    assert both.measured.sum() == len(clips)
    assert both.genres() == taught.genres()
    for train, test in folds(both, 5, seed=0):
        assert both.measured[test].all()
        assert len(clips) in train
        assert (len(clips) + 1 in train) is (artist not in both.artists[test])
    found = out_of_fold(both, GENRES, seed=0)
    assert np.isnan(found).all(axis=1).tolist() == [False] * len(clips) + [True, True]


def test_a_vote_on_a_clip_of_the_folder_is_left_out() -> None:
    found = Heard([Clip(labelled_clips()[0].path, "rock", "A")], [sound(3.0)], {})
    both = examples(found, {}, [vote("folk", value=3.0), vote("folk", value=4.0)])
    assert both.truth.tolist() == ["rock", "folk"]


def test_files_without_artist_are_each_of_their_own() -> None:
    clips = [
        Clip(one.path, "rock", artist)
        for one, artist in zip(labelled_clips(), ("", "", "The Band", "Band feat. X"), strict=False)
    ]
    artists = examples(Heard(clips, [sound(number) for number in range(4)], {}), {}).artists
    assert len(set(artists[:3])) == 3
    assert artists[2] == artists[3]


def test_clips_that_are_no_music_or_copies_are_left_out() -> None:
    clips = labelled_clips()[:5]
    rows = [
        row_of(sound(1.0)),
        {"error": "not_music", "reason": "speech"},
        row_of(sound(1.0)),
        {"error": "not_audio", "reason": "damaged"},
        row_of(sound(2.0)),
    ]
    found = heard(clips, {clip.path: row for clip, row in zip(clips, rows, strict=True)})
    assert list(found.clips) == [clips[0], clips[4]]
    assert found.left_out == {"no music": 1, "copies of others": 1, "not readable": 1}


@pytest.mark.parametrize(
    ("clips", "artists", "enough"),
    [
        (MIN_CLIPS, MIN_ARTISTS, True),
        (MIN_CLIPS - 1, MIN_ARTISTS, False),
        (MIN_CLIPS, MIN_ARTISTS - 1, False),
    ],
)
def test_a_genre_needs_clips_and_artists(clips: int, artists: int, *, enough: bool) -> None:
    of_genre = [Clip(labelled_clips()[0].path, "reggae", f"a{n % artists}") for n in range(clips)]
    found = Heard(of_genre, [sound(number) for number in range(clips)], {})
    assert examples(
        found, {}, [vote("reggae", f"b{n}", value=-1.0 - n) for n in range(9)]
    ).genres() == (("reggae",) if enough else ())


def test_every_genre_weighs_the_same() -> None:
    truth = np.array(["rock"] * 8 + ["folk"] * 2)
    weights = evened(np.ones(10), truth)
    assert weights[truth == "rock"].sum() == pytest.approx(weights[truth == "folk"].sum())
    assert weights.mean() == pytest.approx(1)


def test_the_head_beats_a_table_that_is_worse(taught: Examples, tested: np.ndarray) -> None:
    compared = compare(taught, GENRES, tested)
    assert compared.head_is_better
    assert compared.top_1.low > 0
    assert compared.log_loss.mean < 0
    told = taught.truth != "reggae"
    table_right = compared.table[told].argmax(axis=1) == compared.truth[told]
    assert table_right.mean() == pytest.approx(0.6, abs=0.1)


def test_a_head_on_shuffled_labels_does_not_beat_the_table(taught: Examples) -> None:
    shuffled = replace(taught, truth=np.random.default_rng(2).permutation(taught.truth))
    found = out_of_fold(shuffled, GENRES, seed=0)
    assert not compare(shuffled, GENRES, found).head_is_better


def test_a_head_that_is_as_good_as_the_table_does_not_beat_it() -> None:
    alike = MadeUp(embedded=0.3, tagged=0.95).examples()
    compared = compare(alike, GENRES, out_of_fold(alike, GENRES, seed=0))
    assert not compared.head_is_better
    reggae = alike.truth == "reggae"
    reggae_heard = compared.head[reggae].argmax(axis=1) == compared.truth[reggae]
    assert reggae_heard.mean() > 0.3  # a gain, but the others get worse


def test_every_genre_counts_alike_in_the_gate() -> None:
    """A head that is better at a genre with many clips, and worse at others, is not better."""
    base = MadeUp().examples()
    rock, rest = np.flatnonzero(base.truth == "rock"), np.flatnonzero(base.truth == "hip-hop")
    chosen = base.part(np.concatenate([np.tile(rock, 6), rest]))
    heads = np.tile((0.9, 0.1), (len(chosen), 1))  # rock, always
    compared = compare(chosen, GENRES[:2], heads)
    clip_by_clip = (compared.head.argmax(axis=1) == compared.truth).mean()
    assert clip_by_clip > (compared.table.argmax(axis=1) == compared.truth).mean() + 0.1
    assert compared.top_1.mean < 0
    assert not compared.head_is_better


def test_the_difference_is_measured_over_artists() -> None:
    differences = np.array([1.0] * 50 + [0.0] * 50)
    own = np.array([f"a{number}" for number in range(100)])
    few = np.array(["one"] * 50 + ["other"] * 50)
    wide, narrow = (paired_difference(differences, artists, 0) for artists in (few, own))
    assert wide.mean == narrow.mean == 0.5
    assert (wide.low, wide.high) == (0.0, 1.0)
    assert 0.35 < narrow.low < 0.45
    assert paired_difference(differences, own, 0) == narrow


def test_verdicts_are_right_as_often_as_they_must() -> None:
    rng = np.random.default_rng(4)
    sure = rng.dirichlet(np.full(len(WIDE), 0.15), 4000).astype(np.float32)
    truth = np.array([rng.choice(len(WIDE), p=row / row.sum()) for row in sure.astype(float)])
    too_sure = sure**2 / (sure**2).sum(axis=1, keepdims=True)
    for probabilities in (sure, too_sure):
        found = verdicts(probabilities, truth)
        assert found["plain"].accuracy is not None
        assert found["plain"].accuracy >= 0.75
        assert found["either"].accuracy is not None
        assert found["either"].accuracy >= 0.75
        assert found["plain"].threshold >= 0.75
    assert verdicts(too_sure, truth)["plain"].threshold > 0.75


def test_figures_have_wilsons_intervals(taught: Examples, tested: np.ndarray) -> None:
    compared = compare(taught, GENRES, tested)
    found = measured(compared.head, compared.truth)
    assert found["clips"] == len(GENRES) * CLIPS
    assert len(set(taught.artists)) == len(GENRES) * ARTISTS
    assert found["accuracy_interval"][0] < found["accuracy"] < found["accuracy_interval"][1]
    assert found["accuracy"] <= found["top_2"] <= found["top_3"]
    assert set(found["genre_f1"]) == set(GENRES)
    assert wilson(0.5, 100) == (0.4038, 0.5962)
