"""All services on in-memory fakes, each of which a test can reach."""

from datetime import UTC, datetime, timedelta

from bot.domain.places import Place
from bot.runtime.use_cases import build_services
from bot.services.classify import ClassifyService
from bot.services.collections import CollectionService
from bot.services.inbox import InboxService
from bot.services.label_fits import LabelFits
from bot.services.measure import MeasureService
from bot.storage.stores import Stores
from tests.support.factories import HEROES, OLD_TOWN_ROAD, VALUES, track
from tests.support.fake_collections import FakeArtists, FakeCollections, collection
from tests.support.fake_inbox import FakeGatewaySessions, FakeInbox
from tests.support.fake_labels import FakeOwnLabelStore
from tests.support.fake_learned import FakeLearnedStore
from tests.support.fake_leases import FakeLeases
from tests.support.fake_ledger import FakeSourceLedger
from tests.support.fake_listener import FakeListener
from tests.support.fake_messages import FakeMessageStore
from tests.support.fake_models import FakeServedModels, FakeShadowStore
from tests.support.fake_search import FakeOffline, FakeSearch
from tests.support.fake_source_cache import FakeSourceCache
from tests.support.fake_statistics import FakeStatsStore
from tests.support.fake_stores import (
    FakeEventLog,
    FakePredictionStore,
    FakeRetentionStore,
    FakeSettingsStore,
    FakeSummaryStore,
    FakeVoteStore,
)
from tests.support.fake_trainings import FakeTrainingStore
from tests.support.fakes import (
    FakeCovers,
    FakeFeatures,
    FakeFiling,
    FakeLookup,
    FakeModelRegistry,
    FakePages,
    FakeRenderer,
    FakeShortLinks,
)

LINK = f"https://open.spotify.com/track/{OLD_TOWN_ROAD}"
SHORT_LINK = "https://spotify.link/abc"


class FakeApp:
    """Services that know two tracks, an album of them and a short link.

    `time` is what their clock shows.
    """

    def __init__(self, renderer: FakeRenderer | None = None) -> None:
        heroes = track(HEROES, title="Heroes", artists=("David Bowie",))
        self.time = datetime(2026, 1, 1, tzinfo=UTC)
        self.lookup = FakeLookup(track(), heroes)
        self.features = FakeFeatures({OLD_TOWN_ROAD: VALUES, HEROES: VALUES})
        self.predictions = FakePredictionStore()
        self.summaries = FakeSummaryStore()
        self.messages = FakeMessageStore(self.predictions, self.now)
        self.events = FakeEventLog()
        self.inbox = FakeInbox(self.events.seen, self.now)
        self.votes = FakeVoteStore(self.predictions, self.messages, self.inbox)
        self.settings = FakeSettingsStore()
        self.stats = FakeStatsStore(self.predictions, self.votes)
        self.leases = FakeLeases(self.now)
        self.trainings = FakeTrainingStore(self.now)
        self.learned = FakeLearnedStore(self.votes)
        self.gateway_sessions = FakeGatewaySessions(self.now)
        self.own_labels = FakeOwnLabelStore()
        self.label_fits = LabelFits(self.own_labels)
        self.links = FakeShortLinks({SHORT_LINK: LINK})
        self.renderer = renderer or FakeRenderer()
        self.covers = FakeCovers()
        self.pages = FakePages({})
        self.filing = FakeFiling()
        self.collections = FakeCollections(collection([track(), heroes]))
        self.models = models = FakeModelRegistry()
        self.search = FakeSearch(self.lookup)
        self.artists = FakeArtists()
        self.offline = FakeOffline()
        self.listener = FakeListener()
        self.measure = MeasureService(
            pages=self.pages,
            by_name=self.search.by_name,
            features=self.features,
            lookups=[self.lookup],
            filing=self.filing,
        )
        self.classify = ClassifyService(self.measure, models, self.predictions, self.label_fits)
        self.services = build_services(
            classify=self.classify,
            search=self.search,
            offline=self.offline,
            collections=CollectionService(
                lookups=[self.collections],
                search=None,
                features=self.features,
                track_lookups=[self.lookup],
                models=models,
                summaries=self.summaries,
                renderer=self.renderer,
            ),
            short_links=self.links,
            listener=self.listener,
            models=models,
            renderer=self.renderer,
            painter=self.renderer,
            covers=self.covers,
            artists=self.artists,
            stores=Stores(
                predictions=self.predictions,
                summaries=self.summaries,
                messages=self.messages,
                votes=self.votes,
                events=self.events,
                settings=self.settings,
                stats=self.stats,
                inbox=self.inbox,
                gateway_sessions=self.gateway_sessions,
                own_labels=self.own_labels,
                ledger=FakeSourceLedger(self.now),
                retention=FakeRetentionStore(),
                learned=self.learned,
                source_cache=FakeSourceCache(self.now),
                leases=self.leases,
                served_models=FakeServedModels(),
                shadow_answers=FakeShadowStore(self.predictions, self.votes),
                trainings=self.trainings,
                derive_key=str.encode,
                hash_user=hash_user,
            ),
            label_fits=self.label_fits,
            now=self.now,
            # Without polling, as simulated time would never come to rest.
            inbox=InboxService(self.inbox, self.now, timedelta(hours=1), poll_interval=86400),
        )

    async def close(self) -> None:
        """Close the services as the composition root does."""
        for one in (self.services, self.classify, self.label_fits, self.measure, self.search):
            await one.close()

    def now(self) -> datetime:
        return self.time

    def wait(self, **span: float) -> None:
        """Advance the clock, by the arguments of `timedelta`."""
        self.time += timedelta(**span)


def hash_user(place: Place, user: str) -> str:
    return f"{place.platform}/{user}"
