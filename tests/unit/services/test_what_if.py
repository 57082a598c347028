"""Predictions from values set by hand, and where another genre comes first."""

import asyncio
import threading
from collections.abc import Mapping, Sequence
from typing import cast
from urllib.parse import parse_qsl

import pytest

from bot.domain.errors import Unavailable
from bot.domain.filing import FiledUnder
from bot.domain.tracks import AudioFeatures, MeasuredTrack
from bot.domain.what_if import CorrectionKind, rounded, sliders
from bot.services.outlooks import outlook, turning_points
from bot.services.what_if import FAILED_SECONDS, WhatIfResult, WhatIfService
from model.classifier import Classifier
from model.percentiles import median
from model.schema import INPUT_NAMES, NAMES
from model.store import BundleStore
from tests.support.factories import HEROES, OLD_TOWN_ROAD, TYPICAL, VALUES, track
from tests.support.fake_app import FakeApp
from tests.support.fakes import FakeClassifier

YEAR_NOW = 2026


class DancingClassifier(FakeClassifier):
    """Says hip-hop from a danceability of 0.7, rock up to 0.2, and rock in the first three keys."""

    def best_genres(
        self, values: Mapping[str, float], grids: Mapping[str, Sequence[float]]
    ) -> Mapping[str, Sequence[str]]:
        return {
            name: [self._best({**values, name: value}) for value in grid]
            for name, grid in grids.items()
        }

    def _best(self, values: Mapping[str, float]) -> str:
        if values["danceability"] >= 0.7:
            return "hip-hop"
        return "rock" if values["danceability"] <= 0.2 or values["key"] < 3 else "country"


def turns(**values: float) -> list[tuple[str, float, str, bool]]:
    found = turning_points(DancingClassifier(), values, "country", YEAR_NOW)
    return [(one.feature, one.value, one.genre, one.is_higher) for one in found]


def test_turning_point_is_the_nearest_value_with_another_genre() -> None:
    above, below = ("danceability", 0.7, "hip-hop", True), ("danceability", 0.2, "rock", False)
    key = ("key", 2.0, "rock", False)
    assert turns(danceability=0.6, key=5.0) == [above, key]
    assert turns(danceability=0.3, key=5.0) == [below, key]
    assert turns(danceability=0.45, key=5.0) == [above, key]  # as near: the higher one


def test_features_that_are_unknown_or_change_nothing_have_no_turning_point() -> None:
    assert turns(danceability=0.6, key=5.0, energy=0.5)[2:] == []
    assert [name for name, *_ in turns(danceability=0.6, key=11.0)] == ["danceability", "key"]


@pytest.fixture(scope="module")
def shipped() -> Classifier:
    return Classifier(BundleStore().load("wide"))


def test_prediction_changes_at_each_turning_point_and_not_one_step_before(
    shipped: Classifier,
) -> None:
    values = rounded(shipped.typical("country"))
    found = outlook(shipped, values, YEAR_NOW)
    assert found.answer is not None
    best = found.answer.prediction.best
    assert found.turning_points
    for point in found.turning_points:
        grid = sliders(YEAR_NOW)[point.feature].grid()
        before = grid[grid.index(point.value) + (-1 if point.is_higher else 1)]
        is_passed = (before > values[point.feature]) is point.is_higher
        at = shipped.predict({**values, point.feature: point.value}).best
        assert at == point.genre != best
        if is_passed:
            assert shipped.predict({**values, point.feature: before}).best == best


def test_too_few_values_have_no_prediction(shipped: Classifier) -> None:
    assert outlook(shipped, {"danceability": 0.5, "year": 1999.0}, YEAR_NOW).answer is None


async def ask(address: str, app: FakeApp | None = None) -> WhatIfResult:
    pairs = parse_qsl(address, keep_blank_values=True)
    return await (app or FakeApp()).services.what_if.answer(pairs, ["Old Town Road"])


async def test_values_that_are_not_named_are_those_of_the_start() -> None:
    average = await ask("danceability=0.9")
    assert average.values["danceability"] == 0.9
    assert average.values["energy"] == median("energy")
    assert "year" not in average.values
    song = await ask(f"danceability=0.9&song={OLD_TOWN_ROAD}")
    assert song.values == {**VALUES, "danceability": 0.9}
    assert song.origin.song == OLD_TOWN_ROAD
    genre = await ask("danceability=0.9&start=jazz")
    assert genre.values == {**TYPICAL, "danceability": 0.9}
    assert genre.origin.genre == "jazz"


async def test_address_names_all_values_so_that_it_stays_the_same() -> None:
    first = await ask(f"danceability=0.9&key=unknown&song={OLD_TOWN_ROAD}")
    assert "key=unknown" in first.address
    assert first.address.endswith(f"&year=unknown&song={OLD_TOWN_ROAD}")
    again = await ask(first.address.partition("?")[2])
    assert (again.values, again.address) == (first.values, first.address)
    assert again.corrections == ()


async def test_empty_address_starts_with_the_first_dispute() -> None:
    app = FakeApp()
    features = AudioFeatures.from_source(VALUES, "sample")
    app.offline.songs = [MeasuredTrack(track(), features, FiledUnder(("rock",), "tables"))]
    assert (await ask("", app)).origin.song == OLD_TOWN_ROAD
    assert (await ask("start=average", app)).origin.track is None
    assert (await ask("")).origin.track is None


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("song=../../etc", CorrectionKind.NO_SONG),
        ("song=" + "z" * 22, CorrectionKind.NO_SONG),
        (f"song={HEROES}", CorrectionKind.NO_FIGURES),
        ("start=polka", CorrectionKind.NO_GENRE),
    ],
)
async def test_start_that_cannot_be_had_is_replaced_by_the_average_and_said(
    address: str, kind: CorrectionKind
) -> None:
    app = FakeApp()
    app.features.known = {}
    asked = await ask(f"{address}&energy=0.5", app)
    assert [one.kind for one in asked.corrections] == [kind]
    assert asked.values["danceability"] == median("danceability")
    assert "song" not in asked.address
    assert "start" not in asked.address


async def test_inputs_that_the_model_does_not_take_have_no_slider(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert (await ask("year=1999")).features == INPUT_NAMES
    monkeypatch.setattr(FakeClassifier, "features", NAMES)
    asked = await ask("year=1999")
    assert asked.features == NAMES
    assert "year" not in asked.address


async def test_nothing_is_stored() -> None:
    app = FakeApp()
    await ask(f"song={OLD_TOWN_ROAD}", app)
    assert not app.predictions.cards


class ThreadClassifier(DancingClassifier):
    """Remembers the threads that ask it."""

    def __init__(self) -> None:
        super().__init__()
        self.threads: set[str] = set()

    def best_genres(
        self, values: Mapping[str, float], grids: Mapping[str, Sequence[float]]
    ) -> Mapping[str, Sequence[str]]:
        self.threads.add(threading.current_thread().name)
        return super().best_genres(values, grids)


async def test_predictions_have_one_thread_which_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    app, classifier = FakeApp(), ThreadClassifier()
    service = app.services.what_if

    async def get(_: str | None) -> Classifier:
        return cast("Classifier", classifier)

    monkeypatch.setattr(service._models, "get", get)
    addresses = [f"danceability=0.{number}&key=5" for number in range(1, 9)]
    await asyncio.gather(*(ask(address, app) for address in addresses))
    assert classifier.threads == {"what-if_0"}
    await service.close()
    with pytest.raises(RuntimeError):
        await ask("danceability=0.15&key=5", app)


async def test_song_that_failed_is_asked_for_again_after_a_while() -> None:
    app, now = FakeApp(), 0.0
    services = app.services
    what_if = WhatIfService(
        services.songs, services.disputes, services.what_if._models, app.now, lambda: now
    )
    app.features.away = True
    pairs = [("song", HEROES)]
    for _ in range(2):
        failed = await what_if.answer(pairs, [])
        assert [one.kind for one in failed.corrections] == [CorrectionKind.NOT_NOW]
        assert (failed.origin.track, failed.origin.song) == (None, HEROES)
        assert isinstance(failed.failure, Unavailable)
    assert app.features.asked == 1
    app.features.away, now = False, FAILED_SECONDS
    found = await what_if.answer(pairs, [])
    assert (found.failure, found.corrections) == (None, ())
    assert found.origin.track is not None
