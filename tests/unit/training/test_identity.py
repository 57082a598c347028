import pandas as pd
import pytest

from training.identity import artist_key, fingerprints, lead_artist_key, title_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The Beatles", "Beatles"),
        ("Motörhead", "MOTORHEAD"),
        ("Simon & Garfunkel", "Simon and Garfunkel"),
        ("Lil Nas X Featuring Billy Ray Cyrus", "Lil Nas X"),
        ("Puff Daddy & The Family (Feat. Mase)", "Puff Daddy & The Family"),
        ("Guns N' Roses", "Guns N\N{RIGHT SINGLE QUOTATION MARK} Roses"),
    ],
)
def test_spellings_of_an_artist_compare_equal(one: str, other: str) -> None:
    assert artist_key(one) == artist_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Lil Nas X", "Lil Nas"),
        ("Simon & Garfunkel", "Simon"),
        ("Буерак", "Кино"),
        ("!!!", "???"),
    ],
)
def test_different_artists_stay_apart(one: str, other: str) -> None:
    assert artist_key(one) != artist_key(other)


@pytest.mark.parametrize(
    ("artist", "key"),
    [
        ("Lil Baby & Drake", "lil baby"),
        ("Gunna, Future", "gunna"),
        ("Macklemore/Ryan Lewis", "macklemore"),
        ("Puff Daddy & The Family (Feat. Mase)", "puff daddy"),
        ("The Beatles", "beatles"),
        ("& More", "and more"),
        ("", ""),
    ],
)
def test_lead_artist_is_the_first_named_one(artist: str, key: str) -> None:
    assert lead_artist_key(artist) == key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Heroes - 2017 Remaster", '"Heroes"'),
        ("Crazy In Love (feat. Jay-Z)", "Crazy in Love"),
        ("Despacito feat. Someone", "Despacito"),
        ("Sandstorm [Radio Edit]", "Sandstorm"),
    ],
)
def test_versions_of_a_title_compare_equal(one: str, other: str) -> None:
    assert title_key(one) == title_key(other)


def test_a_title_is_not_cut_at_with() -> None:
    assert title_key("Dancing With Myself") == "dancing with myself"


def test_a_title_in_brackets_alone_is_kept() -> None:
    assert title_key("(Sittin' On) The Dock Of The Bay") != ""


def test_fingerprints_compare_five_values_to_four_digits() -> None:
    rows = pd.DataFrame(
        {
            "danceability": [0.5, 0.50001, 0.5],
            "energy": 0.1,
            "valence": 0.2,
            "acousticness": 0.3,
            "liveness": [0.4, 0.4, 0.4002],
            "tempo": [100, 120, 100],
        }
    )
    first, copy, other = fingerprints(rows)
    assert first == copy != other
