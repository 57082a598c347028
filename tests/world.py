"""The whole core on fakes, each at hand."""

from datetime import UTC, datetime, timedelta

from bot.app import build_core
from bot.classify import Classify
from bot.storage.open import Stores
from bot.values import Place
from tests.factories import HEROES, OLD_TOWN_ROAD, VALUES, track
from tests.fakes import FakeCatalog, FakeFeatures, FakeLinks, FakeModels, FakeRenderer
from tests.fakes_storage import (
    FakeEvents,
    FakeFeedback,
    FakeMessages,
    FakePredictions,
    FakeSettings,
    FakeStats,
)

LINK = f"https://open.spotify.com/track/{OLD_TOWN_ROAD}"
SHORT = "https://spotify.link/abc"


class World:
    """Knows two tracks and a short link; `time` is what the clock says."""

    def __init__(self) -> None:
        heroes = track(HEROES, title="Heroes", artists=("David Bowie",))
        self.time = datetime(2026, 1, 1, tzinfo=UTC)
        self.catalog = FakeCatalog(track(), heroes)
        self.features = FakeFeatures({OLD_TOWN_ROAD: VALUES, HEROES: VALUES})
        self.predictions = FakePredictions()
        self.messages = FakeMessages(self.predictions, self.now)
        self.votes = FakeFeedback(self.predictions, self.messages)
        self.events = FakeEvents()
        self.settings = FakeSettings()
        self.stats = FakeStats(self.predictions, self.votes)
        self.links = FakeLinks({SHORT: LINK})
        self.renderer = FakeRenderer()
        models = FakeModels()
        self.core = build_core(
            classify=Classify(self.catalog, self.features, models, self.predictions),
            short_links=self.links,
            models=models,
            renderer=self.renderer,
            stores=Stores(
                predictions=self.predictions,
                messages=self.messages,
                feedback=self.votes,
                events=self.events,
                settings=self.settings,
                stats=self.stats,
                hashed=hashed,
            ),
            now=self.now,
        )
        self.room = self.core.room

    def now(self) -> datetime:
        return self.time

    def wait(self, **span: float) -> None:
        self.time += timedelta(**span)


def hashed(place: Place, user: str) -> str:
    return f"{place.platform}/{user}"
