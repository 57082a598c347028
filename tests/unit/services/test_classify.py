"""From a track to a stored card."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.errors import FeaturesUnknown, TrackNotFound, Unavailable
from bot.domain.places import Place
from bot.domain.tracks import AudioFeatures, Track
from bot.services import classify as classify_module
from bot.services.classify import ClassifyService
from model.classifier import Classifier
from model.verdicts import Verdict, VerdictFigures
from tests.support.factories import HEROES, OLD_TOWN_ROAD, VALUES, save_full_bundle, track
from tests.support.fake_stores import FakePredictionStore
from tests.support.fakes import FakeFeatures, FakeLookup, FakeModelRegistry

CHANNEL = Place("test", "w", "c")


def classify(
    lookup: FakeLookup | None = None,
    features: FakeFeatures | None = None,
    predictions: FakePredictionStore | None = None,
    time_limit: float = 1,
) -> ClassifyService:
    return ClassifyService(
        lookup or FakeLookup(track()),
        features or FakeFeatures({OLD_TOWN_ROAD: VALUES}),
        FakeModelRegistry(),
        predictions or FakePredictionStore(),
        time_limit,
    )


async def test_an_answer_is_complete_and_stored() -> None:
    predictions = FakePredictionStore()
    card = await classify(predictions=predictions).by_id(OLD_TOWN_ROAD, CHANNEL)
    assert predictions.cards == {card.id: card}
    answer = card.answer
    assert (answer.subject, answer.features.values, answer.features.source) == (
        track(),
        VALUES,
        "fake",
    )
    assert answer.prediction.best == "country"
    assert (answer.model.name, answer.model.version) == ("fake", "0")
    assert answer.reasons
    assert answer.typical


async def test_the_length_from_the_lookup_is_used_as_a_feature() -> None:
    known = {name: value for name, value in VALUES.items() if name != "duration_ms"}
    service = classify(
        FakeLookup(track(duration_ms=1234, duration_source="lookup")),
        FakeFeatures({OLD_TOWN_ROAD: known}),
    )
    answer = (await service.by_id(OLD_TOWN_ROAD, CHANNEL)).answer
    assert answer.features.values["duration_ms"] == 1234
    assert answer.features.sources["duration_ms"] == "lookup"


@pytest.fixture
def sure(tmp_path: Path) -> Classifier:
    """Return a classifier that states every genre plainly, with sub-genres and the year."""
    verdicts = {name: VerdictFigures(0.0) for name in Verdict}
    return Classifier(save_full_bundle(tmp_path, verdicts=verdicts).load("full"))


FEATURES = AudioFeatures.from_source(VALUES, "fake")


def test_the_year_of_a_track_is_an_input_but_no_feature(sure: Classifier) -> None:
    answer = classify_module.classify(sure, track(year=1930), FEATURES)
    assert answer.prediction.year_counted
    assert answer.prediction.best == "rock"
    assert answer.features.values == VALUES
    assert "year" not in answer.prediction.missing
    without = classify_module.classify(sure, track(), FEATURES)
    assert not without.prediction.year_counted
    assert without.prediction.best == "hip-hop"


@pytest.mark.parametrize("year", [0, -5, 9999])
def test_an_implausible_year_is_not_counted(sure: Classifier, year: int) -> None:
    answer = classify_module.classify(sure, track(year=year), FEATURES)
    assert not answer.prediction.year_counted
    assert "year" not in {reason.feature for reason in answer.reasons}


@pytest.mark.parametrize("length", [0, -1, 86_400_001])
def test_an_invalid_length_from_the_lookup_is_not_used(sure: Classifier, length: int) -> None:
    known = {name: value for name, value in VALUES.items() if name != "duration_ms"}
    features = AudioFeatures.from_source(known, "fake")
    answer = classify_module.classify(sure, track(duration_ms=length), features)
    assert "duration_ms" not in answer.features.values


def test_the_subgenre_is_that_of_a_genre_stated_plainly(sure: Classifier, tmp_path: Path) -> None:
    subgenre = classify_module.classify(sure, track(), FEATURES).subgenre
    assert subgenre is not None
    assert (subgenre.name, subgenre.parent) == ("trap", "hip-hop")
    verdicts = {name: VerdictFigures(1.0) for name in Verdict}
    unsure = Classifier(save_full_bundle(tmp_path, verdicts=verdicts).load("full"))
    assert classify_module.classify(unsure, track(), FEATURES).subgenre is None


def test_a_broken_model_of_subgenres_spoils_no_answer(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    verdicts = {name: VerdictFigures(0.0) for name in Verdict}
    bundle = replace(save_full_bundle(tmp_path, verdicts=verdicts).load("full"), subgenres=b"x")
    answer = classify_module.classify(Classifier(bundle), track(), FEATURES)
    assert answer.subgenre is None
    assert answer.prediction.verdict is Verdict.PLAIN
    assert "no sub-genre" in caplog.text


async def test_a_track_without_metadata_is_answered_and_its_title_looked_up_again() -> None:
    lookup = FakeLookup(away=True)
    service = classify(lookup)
    assert (await service.by_id(OLD_TOWN_ROAD, CHANNEL)).answer.subject.title == ""
    lookup.away = False
    lookup.tracks.append(track())
    assert (await service.by_id(OLD_TOWN_ROAD, CHANNEL)).answer.subject.title


async def test_unavailable_services_are_not_reported_as_an_unknown_track() -> None:
    service = classify(FakeLookup(away=True), FakeFeatures({}, away=True))
    with pytest.raises(Unavailable):
        await service.by_id(OLD_TOWN_ROAD, CHANNEL)


async def test_an_unknown_track_is_not_found() -> None:
    with pytest.raises(TrackNotFound):
        await classify(FakeLookup()).by_id(OLD_TOWN_ROAD, CHANNEL)
    with pytest.raises(TrackNotFound):
        await classify().by_text("zzz", CHANNEL)


async def test_unknown_features_are_reported_with_the_title() -> None:
    with pytest.raises(FeaturesUnknown) as raised:
        await classify(features=FakeFeatures({})).by_id(OLD_TOWN_ROAD, CHANNEL)
    assert raised.value.title == "Old Town Road - Remix"


async def test_too_few_features_count_as_unknown() -> None:
    with pytest.raises(FeaturesUnknown):
        await classify(features=FakeFeatures({OLD_TOWN_ROAD: {"energy": 0.5}})).by_id(
            OLD_TOWN_ROAD, CHANNEL
        )


async def test_free_text_selects_the_first_match() -> None:
    card = await classify().by_text("old town road - lil nas x", CHANNEL)
    assert card.answer.subject.spotify_id == OLD_TOWN_ROAD


async def test_concurrent_requests_share_one_lookup_and_get_a_card_each() -> None:
    lookup, features = FakeLookup(track()), FakeFeatures({OLD_TOWN_ROAD: VALUES})
    predictions = FakePredictionStore()
    service = classify(lookup, features, predictions)
    cards = await asyncio.gather(*(service.by_id(OLD_TOWN_ROAD, CHANNEL) for _ in range(5)))
    await service.by_id(OLD_TOWN_ROAD, CHANNEL)
    assert (lookup.asked, features.asked) == (1, 1)
    assert len({card.id for card in cards}) == 5
    assert len(predictions.cards) == 6


async def test_a_failure_is_not_cached() -> None:
    features = FakeFeatures({}, away=True)
    service = classify(features=features)
    with pytest.raises(Unavailable):
        await service.by_id(OLD_TOWN_ROAD, CHANNEL)
    features.away, features.known = False, {OLD_TOWN_ROAD: VALUES}
    assert (await service.by_id(OLD_TOWN_ROAD, CHANNEL)).id == 1


class HangingFeatures(FakeFeatures):
    """Answers after `gate` is set."""

    def __init__(self, known: Mapping[str, Mapping[str, float]]) -> None:
        super().__init__(known)
        self.gate = asyncio.Event()

    async def features(self, track: Track) -> AudioFeatures | None:
        await self.gate.wait()
        return await super().features(track)


async def test_a_hanging_source_ends_at_the_time_limit() -> None:
    hanging = HangingFeatures({})
    service = classify(features=hanging, time_limit=0.05)
    for request in (
        service.by_id(OLD_TOWN_ROAD, CHANNEL),
        service.by_text("old town road", CHANNEL),
    ):
        with pytest.raises(Unavailable, match="no answer in"):
            await request
    hanging.gate.set()


async def test_a_cancelled_request_does_not_cancel_the_others() -> None:
    hanging = HangingFeatures({OLD_TOWN_ROAD: VALUES})
    service = classify(features=hanging)
    first, second = (asyncio.create_task(service.by_id(OLD_TOWN_ROAD, CHANNEL)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    hanging.gate.set()
    assert (await second).answer.subject.spotify_id == OLD_TOWN_ROAD
    assert first.cancelled()


async def test_a_song_without_an_id_is_found_by_name() -> None:
    song = track(None, title="So What", artists=("Miles Davis",))
    service = classify(FakeLookup(song), FakeFeatures({song.key: VALUES}))
    assert (await service.by_text("so what", CHANNEL)).answer.subject == song
    assert HEROES not in song.key
