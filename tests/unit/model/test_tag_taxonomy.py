"""Tags that people gave, read as genres."""

import tomllib

import pytest

from model.genres import WIDE
from model.tag_taxonomy import MAX_GENRES, TAXONOMY, Taxonomy, load_taxonomy


@pytest.fixture(scope="module")
def taxonomy() -> Taxonomy:
    return load_taxonomy()


@pytest.mark.parametrize("genre", WIDE)
def test_every_genre_of_the_model_is_a_tag_of_itself(taxonomy: Taxonomy, genre: str) -> None:
    assert taxonomy.genres_of(genre) == (genre,)


@pytest.mark.parametrize(
    ("tag", "genres"),
    [
        ("country rap", {"country", "hip-hop"}),
        ("alternative country", {"country"}),
        ("trap", {"hip-hop"}),
        ("neo soul", {"r&b"}),
        ("house", {"electronic"}),
        ("ska", {"reggae"}),
        ("bossa nova", {"latin", "jazz"}),
        ("reggaeton", {"latin"}),
        ("hard rock", {"rock"}),
        ("Black Metal", {"metal"}),
        ("Funk / Soul", {"r&b"}),
        ("RnB/Swing", {"r&b"}),
        ("string quartet", {"classical"}),
        ("delta blues", {"blues"}),
    ],
)
def test_tag_is_part_of_its_genres(taxonomy: Taxonomy, tag: str, genres: set[str]) -> None:
    assert set(taxonomy.genres_of(tag)) == genres


@pytest.mark.parametrize(
    "tag",
    [
        *("british", "romanian", "Romanian Duo", "german", "american", "usa"),
        *("2010s", "90s", "1984", "2019"),
        *("seen live", "favorites", "favourite songs", "female vocalists", "male vocalists"),
        *(
            "sad",
            "chill",
            "romantic",
            "love",
            "party",
            "instrumental",
            "live",
            "under 2000 listeners",
        ),
        *("Folk, World, & Country", "Stage & Screen", "Non-Music", "soundtrack", "christmas"),
        *("", " ", "music", "!", "日本", "country of origin: germany"),
    ],
)
def test_what_is_no_genre_says_nothing(taxonomy: Taxonomy, tag: str) -> None:
    assert taxonomy.genres_of(tag) == ()


@pytest.mark.parametrize("tag", ["rock", "Rock", "hard rock", "classic rock", "british rock"])
def test_rock_is_no_alias_of_metal(taxonomy: Taxonomy, tag: str) -> None:
    assert taxonomy.genres_of(tag) == ("rock",)


@pytest.mark.parametrize(
    ("spelling", "genre"),
    [
        *((tag, "hip-hop") for tag in ("Hip-Hop", "hip hop", "HipHop", "hip_hop", "Hip Hop Music")),
        *((tag, "r&b") for tag in ("R&B", "RnB", "r and b", "R'n'B", "R\u2019n\u2019B", "R & B")),
        *((tag, "electronic") for tag in ("Drum & Bass", "drum and bass", "Drum n Bass", "DnB")),
        *((tag, "latin") for tag in ("Forró", "forro", "Reggaetón", "TROPICÁLIA")),
        *((tag, "rock") for tag in ("Alt. Rock", "rock 'n' roll", "Rock & Roll", "post-punk")),
    ],
)  # fmt: skip
def test_spelling_does_not_matter(taxonomy: Taxonomy, spelling: str, genre: str) -> None:
    assert taxonomy.genres_of(spelling) == (genre,)


@pytest.mark.parametrize(
    ("tag", "genre"),
    [
        ("british rock", "rock"),
        ("new york hip hop", "hip-hop"),
        ("early german classical music", "classical"),
        ("contemporary christian pop", "pop"),
    ],
)
def test_qualifiers_do_not_change_the_genre(taxonomy: Taxonomy, tag: str, genre: str) -> None:
    assert taxonomy.genres_of(tag) == (genre,)


def test_weights_are_summed_by_genre_and_the_strongest_genre_is_first() -> None:
    taxonomy = Taxonomy({"hip-hop": ["country rap", "trap"], "country": ["country rap"]}, [])
    tags = [("country", 0.2), ("country rap", 0.5), ("trap", 0.3)]
    assert taxonomy.strongest(tags) == ("hip-hop", "country")


def test_weak_genres_are_left_out_and_half_the_strongest_is_enough(taxonomy: Taxonomy) -> None:
    assert taxonomy.strongest([("rock", 1), ("pop", 0.5), ("jazz", 0.49)]) == ("rock", "pop")


def test_unknown_tags_take_no_share_from_the_others(taxonomy: Taxonomy) -> None:
    assert taxonomy.strongest([("seen live", 100), ("jazz", 0.01), ("1984", 5)]) == ("jazz",)


def test_at_most_three_genres_in_the_order_of_equal_tags(taxonomy: Taxonomy) -> None:
    tags = [(genre, 1.0) for genre in reversed(WIDE)]
    assert taxonomy.strongest(tags) == tuple(reversed(WIDE))[:MAX_GENRES]


def test_no_tags_give_no_genre(taxonomy: Taxonomy) -> None:
    assert taxonomy.strongest([]) == ()
    assert taxonomy.strongest([("british", 1)]) == ()


def test_a_genre_that_the_model_lacks_is_an_error() -> None:
    with pytest.raises(ValueError, match="no genres: gospel"):
        Taxonomy({"gospel": []}, [])


def test_the_file_has_no_tag_twice_and_no_qualifier_that_is_a_genre() -> None:
    content = tomllib.loads(TAXONOMY.read_text(encoding="utf-8"))
    assert sum(map(len, content["genres"].values())) > 1000
    for tags in content["genres"].values():
        spelt_out = [tag.casefold().replace("&", "and") for tag in tags]
        keys = ["".join(filter(str.isalnum, tag)) for tag in spelt_out]
        assert len(set(keys)) == len(keys)
    # Of the qualifiers that are tags as well, a longer tag decides: "alternative metal".
    tags = {tag for tags in content["genres"].values() for tag in tags}
    assert set(content["qualifiers"]) & tags == {"alternative", "celtic", "psychedelic"}
