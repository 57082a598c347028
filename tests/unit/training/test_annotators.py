"""Tables as noisy annotators: what a label says about the true genre."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.annotators import ARTIST_ACCURACY, SMOOTHING, Annotators, Likelihoods

GENRES = ("rock", "pop", "folk")
Row = tuple[str, str, str, str]


def frame(rows: list[Row], shares: list[dict[str, float] | None] | None = None) -> pd.DataFrame:
    """Return rows of annotator, label, the label's reading, and the artist's genre."""
    found = pd.DataFrame(rows, columns=["annotator", "label", "genre", "artist_genre"])
    found["artist_shares"] = pd.Series(shares or [None] * len(rows), dtype=object)
    found["artist"] = [f"artist {number}" for number in range(len(rows))]
    return found


def many(label: str, reading: str, genre: str, count: int, annotator: str = "a") -> list[Row]:
    return [(annotator, f"{annotator}: {label}", reading, genre)] * count


def likelihood_of(label: str, rows: pd.DataFrame) -> Likelihoods:
    """Return the likelihood of a label alone, [genres]."""
    found: Likelihoods = Annotators.fit(rows, GENRES).likelihood(
        frame([("a", f"a: {label}", "", "")])
    )[0]
    return found


def test_likelihood_follows_the_counted_confusion() -> None:
    # of 3000 songs of each genre, "indie" labels half of rock and a tenth of pop
    rows = frame(
        many("indie", "rock", "rock", 1500)
        + many("chart", "pop", "rock", 1500)
        + many("indie", "rock", "pop", 300)
        + many("chart", "pop", "pop", 2700)
        + many("chart", "pop", "folk", 3000)
    )
    rock, pop, folk = likelihood_of("indie", rows)
    assert rock == 1
    assert pop == pytest.approx(0.1 / 0.5, abs=0.01)
    assert folk < 0.01


def test_artist_with_many_songs_counts_less_than_many_artists() -> None:
    rows = frame(many("indie", "rock", "rock", 3000) + many("indie", "rock", "pop", 3000))
    rows = pd.concat(
        [rows, frame(many("other", "", "rock", 3000) + many("other", "", "pop", 3000))]
    )
    rows.loc[rows["artist_genre"] == "pop", "artist"] = "the only one"
    rock, pop, _ = likelihood_of("indie", rows)
    assert pop < rock


def test_confusions_of_annotators_are_their_own() -> None:
    rows = frame(
        many("rock", "rock", "rock", 2000)
        + many("other", "", "folk", 2000)
        + many("rock", "rock", "folk", 2000, annotator="b")
        + many("other", "", "rock", 2000, annotator="b")
    )
    annotators = Annotators.fit(rows, GENRES)
    labels = frame([("a", "a: rock", "", ""), ("b", "b: rock", "", "")])
    assert annotators.likelihood(labels).argmax(axis=1).tolist() == [0, 2]


def test_confusion_without_songs_is_base_rate_and_own_reading() -> None:
    # no artist is known: a label is likely where it is read so, and by its frequency elsewhere
    rows = frame(many("rock", "rock", "", 80) + many("pop", "pop", "", 20))
    by_label = Annotators.fit(rows, GENRES).by_label
    assert by_label["a: rock"] == pytest.approx([0.7 * 0.8 + 0.3, 0.7 * 0.8, 0.8])
    assert by_label["a: pop"] == pytest.approx([0.7 * 0.2, 0.7 * 0.2 + 0.3, 0.2])


def test_counts_weigh_against_the_imagined_songs() -> None:
    known, all_rows = 20, 100
    rows = frame(many("x", "", "rock", known) + many("y", "", "", all_rows - known))
    found = Annotators.fit(rows, GENRES).by_label["a: x"]
    base = known / all_rows
    assert found[0] == pytest.approx((known + SMOOTHING * base) / (known + SMOOTHING))
    assert found[1] == pytest.approx(base)


@pytest.mark.parametrize("number", range(4))
def test_probabilities_of_the_labels_of_a_genre_sum_to_one(number: int) -> None:
    rng = np.random.default_rng(number)
    labels = rng.choice(["x", "y", "z"], 50)
    artists = rng.choice([*GENRES, ""], 50)
    rows = frame(
        [("a", f"a: {one}", "rock", genre) for one, genre in zip(labels, artists, strict=True)]
    )
    by_label = Annotators.fit(rows, GENRES).by_label
    assert sum(by_label.values()) == pytest.approx(np.ones(len(GENRES)))


def test_artist_is_right_with_the_accuracy_of_the_sources() -> None:
    rows = frame([("a", "", "", "rock")], [{"rock": 1.0}])
    (found,) = Annotators(GENRES, {}).likelihood(rows)
    wrong = (1 - ARTIST_ACCURACY) / 2
    assert ARTIST_ACCURACY == 0.88
    assert found == pytest.approx([1, wrong / ARTIST_ACCURACY, wrong / ARTIST_ACCURACY])


def test_sources_that_disagree_share_the_vote() -> None:
    rows = frame([("a", "", "", "")], [{"rock": 0.5, "pop": 0.5}])
    (rock, pop, folk) = Annotators(GENRES, {}).likelihood(rows)[0]
    assert rock == pop == 1
    assert folk < 0.15


def test_label_and_artist_are_multiplied() -> None:
    rows = frame(many("x", "", "rock", 100) + many("y", "", "pop", 100))
    annotators = Annotators.fit(rows, GENRES)
    labels: list[Row] = [("a", "a: x", "", ""), ("a", "a: x", "", ""), ("a", "", "", "")]
    shares = [{"pop": 1.0}, None, {"pop": 1.0}]
    both, label, artist = annotators.likelihood(frame(labels, shares))
    assert both == pytest.approx(label * artist / (label * artist).max(), rel=1e-5)


@pytest.mark.parametrize(
    ("label", "shares"),
    [("", None), ("unknown", None), ("", {"jazz": 1.0})],
    ids=["neither", "label not seen", "genre of no task"],
)
def test_row_that_says_nothing_has_one_everywhere(
    label: str, shares: dict[str, float] | None
) -> None:
    rows = frame(many("x", "rock", "rock", 9))
    row = frame([("a", label, "", "")], [shares])
    assert Annotators.fit(rows, GENRES).likelihood(row).tolist() == [[1, 1, 1]]


LABELS = st.sampled_from(["", "a: x", "a: y", "a: z", "b: x"])
SHARES = st.none() | st.dictionaries(
    st.sampled_from([*GENRES, "jazz"]), st.floats(0.01, 1), min_size=1
).map(lambda shares: {name: one / sum(shares.values()) for name, one in shares.items()})
DRAWN = st.lists(
    st.tuples(LABELS, st.sampled_from([*GENRES, "jazz", ""]), SHARES), min_size=1, max_size=30
)


@given(DRAWN)
def test_likelihood_is_above_zero_and_at_most_one(
    drawn: list[tuple[str, str, dict[str, float] | None]],
) -> None:
    reading = {"a: x": "rock", "a: y": "pop"}
    rows = frame(
        [(label[:1] or "a", label, reading.get(label, ""), genre) for label, genre, _ in drawn],
        [shares for _, _, shares in drawn],
    )
    found = Annotators.fit(rows, GENRES).likelihood(rows)
    assert found.dtype == np.float32
    assert (found > 0).all()
    assert (found.max(axis=1) == 1).all()
