import pytest

from model.schema import CORE
from training.study.claims import claims
from training.study.core import TaskData
from training.study.exploration import explore
from training.study.report import facts
from training.study.results import Overlap, Spread

GENRES = ("rock", "hip-hop", "electronic")


def spread(feature: str, genre: str, mean: float) -> Spread:
    return Spread(feature=feature, genre=genre, mean=mean, deviation=0.2, quartiles=(0, mean, 1))


def overlap(first: str, second: str, share: float) -> Overlap:
    return Overlap(first=first, second=second, overlap=share, feature="energy", auc=0.6)


def spreads(**means: tuple[float, float, float]) -> list[Spread]:
    every = dict.fromkeys(CORE, (0.5, 0.5, 0.5)) | means
    return [
        spread(feature, genre, mean)
        for feature, own in every.items()
        for genre, mean in zip(GENRES, own, strict=True)
    ]


def overlaps(with_hip_hop: float, others: float) -> list[Overlap]:
    return [
        overlap("rock", "hip-hop", with_hip_hop),
        overlap("hip-hop", "electronic", with_hip_hop),
        overlap("rock", "electronic", others),
    ]


def test_claims_of_the_original_study_can_be_confirmed() -> None:
    means = spreads(
        acousticness=(0.6, 0.4, 0.4),
        instrumentalness=(0.2, 0.1, 0.7),
        speechiness=(0.1, 0.4, 0.1),
        danceability=(0.4, 0.7, 0.5),
        valence=(0.4, 0.6, 0.4),
    )
    found = claims(GENRES, means, overlaps(0.2, 0.6))
    assert [one.verdict for one in found] == ["confirmed"] * 6


def test_claims_can_be_contradicted_in_part_or_whole() -> None:
    means = spreads(
        tempo=(0.1, 0.5, 0.9), speechiness=(0.1, 0.4, 0.1), acousticness=(0.1, 0.2, 0.9)
    )
    found = {one.claim: one.verdict for one in claims(GENRES, means, overlaps(0.6, 0.2))}
    assert found["Tempo, liveness and energy vary little from genre to genre"] == "partly confirmed"
    assert found["Rock stands out by acousticness"] == "contradicted"
    assert (
        found["Hip-hop stands out by speechiness, danceability and valence"] == "partly confirmed"
    )
    assert found["Hip-hop overlaps least with the others"] == "contradicted"
    assert found["Electronic and rock overlap a lot"] == "contradicted"


def test_claims_about_absent_genres_are_not_tested() -> None:
    found = claims(GENRES[:2], spreads(), overlaps(0.2, 0.6)[:1])
    assert not any("Electronic" in one.claim for one in found)


def test_exploration_describes_every_genre_and_pair(three: TaskData) -> None:
    found = explore(three, seed=0)
    assert found.genres == three.task.genres
    assert set(found.features) == set(CORE)
    assert len(found.spreads) == 3 * len(CORE)
    assert len(found.overlaps) == 3
    assert all(0 <= one.overlap <= 1 for one in found.overlaps)
    for column in zip(*found.separation, strict=True):
        assert sum(column) == pytest.approx(1.5, abs=0.001)  # what one genre gains, another loses
    best, *_, worst = facts.separating(found)
    assert best != worst
    trait, often = facts.trait(found, "rock")
    assert trait.split()[0] in {"high", "low"}
    assert 0.5 <= often <= 1
