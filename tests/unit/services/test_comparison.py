"""Two songs compared: counterfactuals of a model, asked for once."""

import asyncio
import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.cards import Answer, Theme
from bot.domain.comparison import Comparison, Contrast, Relation
from bot.domain.errors import TrackNotFound
from bot.domain.tracks import SubjectKind, SubjectRef
from bot.services.comparison import ComparisonService, compare
from model.schema import CORE, FEATURES, INPUT_NAMES
from model.sound.fusion import Exponents
from tests.support import factories
from tests.support.factories import HEROES, OLD_TOWN_ROAD, VALUES
from tests.support.fake_app import FakeApp
from tests.support.fake_listener import heard
from tests.support.fakes import FakeModelRegistry, FakeRenderer
from tests.support.weighing import GENRES, WeighingClassifier, song

ROAD = SubjectRef(SubjectKind.TRACK, OLD_TOWN_ROAD)
OTHER = SubjectRef(SubjectKind.TRACK, HEROES)
NOWHERE = SubjectRef(SubjectKind.TRACK, "z" * 22)

VALUE = {
    one.name: st.sampled_from([0.0, 1.0])
    if one.whole
    else st.floats(max(one.low, -60), min(one.high, 300))
    for one in FEATURES
}


@st.composite
def songs(draw: st.DrawFn) -> Answer:
    """Draw a song with any features that a model takes, with or without a year."""
    core = draw(st.sets(st.sampled_from(CORE), min_size=4))
    others = draw(st.sets(st.sampled_from([name for name in VALUE if name not in CORE])))
    values = {name: draw(VALUE[name]) for name in sorted(core | others)}
    year = draw(st.none() | st.integers(1950, 2026))
    return song(draw(st.sampled_from("ab")), values, year=year, duration_ms=None)


def of(found: Comparison, feature: str) -> Contrast:
    return next(one for one in found.contrasts if one.feature == feature)


@given(songs(), songs())
def test_swapping_the_songs_mirrors_the_comparison(first: Answer, second: Answer) -> None:
    found = compare(WeighingClassifier(), first, second)
    assert compare(WeighingClassifier(), second, first) == found.mirrored
    assert found.mirrored.mirrored == found
    assert found.mirrored.relation is found.relation


@given(songs(), songs())
def test_changes_are_consistent(first: Answer, second: Answer) -> None:
    """No probability appears or vanishes, and none leaves its range."""
    found = compare(WeighingClassifier(), first, second)
    for contrast in found.known:
        for changes, answer in ((contrast.by_first, second), (contrast.by_second, first)):
            assert set(changes) == set(GENRES)
            assert math.isclose(sum(changes.values()), 0, abs_tol=1e-9)
            for genre, change in changes.items():
                assert -1e-9 <= answer.prediction.genres[genre] + change <= 1 + 1e-9


@given(songs(), songs())
def test_missing_values_never_count(first: Answer, second: Answer) -> None:
    found = compare(WeighingClassifier(), first, second)
    for contrast in found.contrasts:
        if contrast not in found.known:
            assert not contrast.by_first
            assert not contrast.by_second
            assert contrast.first_gain is None
            assert contrast.second_gain is None
            assert contrast.difference is None
            assert contrast.distance == 0
            assert not contrast.looks_equal
    missing = {*found.unknown_of_first, *found.unknown_of_second}
    assert missing | {one.feature for one in found.known} == {
        one.feature for one in found.contrasts
    }


@given(songs())
def test_equal_values_change_nothing(answer: Answer) -> None:
    found = compare(WeighingClassifier(), answer, replace(answer, subject=factories.track(HEROES)))
    for contrast in found.known:
        if contrast.feature != "year":
            assert not any((*contrast.by_first.values(), *contrast.by_second.values()))
            assert contrast.difference == contrast.distance == 0
            assert contrast.first_gain is None


def test_value_speaks_for_the_genre_that_gains_most_in_the_other_song() -> None:
    calm, loud = song("Calm", {**VALUES, "acousticness": 0.9}), song("Loud", VALUES)
    found = of(compare(WeighingClassifier(), calm, loud), "acousticness")
    assert found.first_gain is not None
    assert found.first_gain.genre == "country"
    changed = WeighingClassifier().predict({**VALUES, "acousticness": 0.9}).genres["country"]
    assert found.first_gain.rise == pytest.approx(changed - loud.prediction.genres["country"])
    assert found.second_gain is not None
    assert found.second_gain.genre != "country"


def test_year_is_compared_as_the_model_takes_it() -> None:
    old, new = song("Old", year=1970), song("New", year=2020)
    found = of(compare(WeighingClassifier(), old, new), "year")
    assert (found.first, found.second, found.difference) == (1970, 2020, 50)
    assert found.second_gain is not None
    assert found.second_gain.genre == "pop"
    assert [one.feature for one in compare(WeighingClassifier(), old, new).contrasts] == [
        name for name in INPUT_NAMES if name in {*VALUES, "year"}
    ]


def test_song_judged_by_sound_alone_has_nothing_to_compare() -> None:
    by_sound = factories.sound_answer(factories.track(HEROES))
    found = compare(WeighingClassifier(), song(), by_sound)
    assert not found.known
    assert found.unknown_of_second == tuple(one.feature for one in found.contrasts)
    assert compare(WeighingClassifier(), by_sound, by_sound).contrasts == ()


def test_sound_that_counts_in_an_answer_counts_in_its_changes() -> None:
    sound = heard(exponents=Exponents(1.0, 1.0), genres={"jazz": 0.98, "rock": 0.02})
    calm = song("Calm", {**VALUES, "acousticness": 0.9})
    loud = song("Loud", VALUES)
    plain = of(compare(WeighingClassifier(), calm, loud), "acousticness").by_first
    fused = of(compare(WeighingClassifier(), calm, replace(loud, heard=sound)), "acousticness")
    assert fused.by_first != plain
    assert sum(fused.by_first.values()) == pytest.approx(0)


@pytest.mark.parametrize(
    ("one", "other", "isrcs", "relation"),
    [
        ("Creep", "Creep", (None, None), Relation.SAME),
        ("Creep", "Creep - Live", (None, None), Relation.VERSIONS),
        ("Creep", "Creep - Live", ("X", "Y"), Relation.VERSIONS),
        ("Creep", "Creep - 2009", ("X", "X"), Relation.SAME),
        ("Creep", "Karma Police", (None, None), Relation.OTHER),
    ],
)
def test_relation_of_two_songs(
    one: str, other: str, isrcs: tuple[str | None, str | None], relation: Relation
) -> None:
    first, second = song(one, isrc=isrcs[0]), song(other, isrc=isrcs[1])
    assert Comparison(first, second, ()).relation is relation


def test_tempos_of_which_one_is_double_look_equal() -> None:
    assert Contrast("tempo", 70.0, 139.0).looks_equal
    assert not Contrast("tempo", 70.0, 110.0).looks_equal
    assert not Contrast("tempo", 70.0, None).looks_equal


class Registry(FakeModelRegistry):
    """Has one model, which counts its predictions."""

    def __init__(self) -> None:
        self.model = WeighingClassifier()

    async def get(self, name: str | None = None) -> WeighingClassifier:
        del name
        return self.model


async def test_songs_are_asked_for_side_by_side_and_one_named_twice_once() -> None:
    app = FakeApp()
    service = app.services.comparison
    first, second = await service.answers([ROAD, ROAD])
    assert first is second
    assert app.features.asked == 1
    found = await service.answers([ROAD, NOWHERE, OTHER])
    assert [type(one) for one in found] == [Answer, TrackNotFound, Answer]
    assert not app.predictions.cards


async def test_comparison_is_made_once_in_either_order() -> None:
    registry = Registry()
    service = ComparisonService(FakeApp().services.songs, registry, FakeRenderer())
    first, second = song("a"), song("b", {**VALUES, "energy": 0.1})
    one, other = await asyncio.gather(
        service.compare(first, second), service.compare(second, first)
    )
    asked = registry.model.asked
    assert asked == 2 + 2, "each song as it is, and with the other's energy"
    assert other == one.mirrored == compare(WeighingClassifier(), second, first)
    assert (one.first, one.second) == (first, second)
    assert await service.compare(first, second) == one
    assert registry.model.asked == asked


async def test_chart_that_cannot_be_drawn_is_none() -> None:
    songs_ = FakeApp().services.songs
    for broken, expected in ((False, b"a b dark"), (True, None)):
        service = ComparisonService(songs_, Registry(), FakeRenderer(broken=broken))
        assert await service.chart(song("a"), song("b"), Theme.DARK) == expected


def test_length_that_a_source_of_tracks_knows_counts_as_in_a_card() -> None:
    first = song("a", {name: VALUES[name] for name in CORE}, duration_ms=200_000)
    second = song("b", VALUES)
    assert of(compare(WeighingClassifier(), first, second), "duration_ms").first == 200_000
