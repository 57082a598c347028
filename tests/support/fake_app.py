"""The whole core on fakes, each at hand."""

from datetime import UTC, datetime, timedelta

from bot.domain.places import Place
from bot.runtime.composition import build_core
from bot.services.classify import ClassifyService
from bot.storage.stores import Stores
from tests.support.factories import HEROES, OLD_TOWN_ROAD, VALUES, track
from tests.support.fake_stores import (
    FakeEventLog,
    FakeMessageStore,
    FakePredictionStore,
    FakeSettingsStore,
    FakeStatsStore,
    FakeVoteStore,
)
from tests.support.fakes import (
    FakeFeatures,
    FakeLookup,
    FakeModelRegistry,
    FakeRenderer,
    FakeShortLinks,
)

LINK = f"https://open.spotify.com/track/{OLD_TOWN_ROAD}"
SHORT = "https://spotify.link/abc"


class FakeApp:
    """Knows two tracks and a short link; `time` is what the clock says."""

    def __init__(self) -> None:
        heroes = track(HEROES, title="Heroes", artists=("David Bowie",))
        self.time = datetime(2026, 1, 1, tzinfo=UTC)
        self.catalog = FakeLookup(track(), heroes)
        self.features = FakeFeatures({OLD_TOWN_ROAD: VALUES, HEROES: VALUES})
        self.predictions = FakePredictionStore()
        self.messages = FakeMessageStore(self.predictions, self.now)
        self.votes = FakeVoteStore(self.predictions, self.messages)
        self.events = FakeEventLog()
        self.settings = FakeSettingsStore()
        self.stats = FakeStatsStore(self.predictions, self.votes)
        self.links = FakeShortLinks({SHORT: LINK})
        self.renderer = FakeRenderer()
        models = FakeModelRegistry()
        self.core = build_core(
            classify=ClassifyService(self.catalog, self.features, models, self.predictions),
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
