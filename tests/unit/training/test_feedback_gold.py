"""Songs of known genre, and labels that are held back."""

from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from tests.support.factories import OLD_TOWN_ROAD
from tests.unit.training.chat_votes import label
from training.feedback.gold import load_gold_songs
from training.feedback.holding_back import HELD_BACK, is_held_back
from training.identity import lead_artist_key


def test_songs_are_known_by_id_or_by_title_and_artist_in_any_version() -> None:
    gold = load_gold_songs()
    assert gold.genre("2SpEHTbUuebeLkgs9QB7Ue", "", ()) == "country"
    assert gold.genre("x", "Jolene - Live", ("Dolly Parton", "Guest")) == "country"
    assert gold.genre("x", "JOLENE", ("dolly parton",)) == "country"
    assert gold.genre("x", "Jolene", ("The White Stripes",)) is None
    assert not gold.contains("x", "", ())


def test_songs_of_several_genres_are_held_out_and_measure_no_one() -> None:
    gold = load_gold_songs()
    assert gold.contains(OLD_TOWN_ROAD, "", ())
    assert gold.genre(OLD_TOWN_ROAD, "", ()) is None


def test_a_fifth_of_artists_is_held_back() -> None:
    held = [is_held_back(label(artists=(f"artist {number}",))) for number in range(2000)]
    assert abs(sum(held) / len(held) - HELD_BACK) < 0.03
    tracks = [is_held_back(label(f"track {number}")) for number in range(2000)]
    assert abs(sum(tracks) / len(tracks) - HELD_BACK) < 0.03


@given(st.text(min_size=1), st.text(), st.sampled_from(["rock", "jazz"]), st.floats(0.1, 5))
def test_songs_of_an_artist_are_on_one_side(
    artist: str, track: str, genre: str, weight: float
) -> None:
    assume(lead_artist_key(artist))
    one = label(artists=(artist,))
    guest = replace(one, artists=(artist, "Guest"))
    other = label(track, genre=genre, weight=weight, artists=(artist,))
    assert is_held_back(one) == is_held_back(other) == is_held_back(guest)
