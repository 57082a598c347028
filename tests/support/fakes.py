"""In-memory implementations of ports; contract tests run against them and the real adapters."""

from collections.abc import Mapping, Sequence

from bot.domain.cards import Answer, Theme
from bot.domain.errors import ModelUnusable, Unavailable
from bot.domain.statistics import WorkspaceStats
from bot.domain.tracks import AudioFeatures, Track
from model.classifier import Prediction
from model.errors import TooFewFeatures
from model.reasons import Reason
from model.schema import MINIMUM_CORE, count_core
from model.subgenres import Subgenre
from model.verdicts import Verdict
from tests.support.factories import TYPICAL, prediction


class FakeLookup:
    """Knows the given tracks; `away` makes it unavailable. Counts its requests."""

    def __init__(self, *tracks: Track, away: bool = False) -> None:
        self.tracks = list(tracks)
        self.away = away
        self.asked = 0

    async def get(self, track_id: str) -> Track | None:
        self._ask()
        return next((track for track in self.tracks if track.spotify_id == track_id), None)

    async def search(self, text: str) -> Sequence[Track]:
        self._ask()
        words = text.lower().replace(" - ", " ").split()
        return [t for t in self.tracks if all(w in _name(t) for w in words)][:10]

    def _ask(self) -> None:
        self.asked += 1
        if self.away:
            raise Unavailable("fake", "away")


class FakeFeatures:
    """Knows the features of the given tracks by key; `away` makes it unavailable."""

    def __init__(self, known: Mapping[str, Mapping[str, float]], *, away: bool = False) -> None:
        self.known = known
        self.away = away
        self.asked = 0

    async def features(self, track: Track) -> AudioFeatures | None:
        self.asked += 1
        if self.away:
            raise Unavailable("fake", "away", retry_after=90)
        values = self.known.get(track.key)
        return AudioFeatures.from_source(values, "fake") if values else None


class FakeClassifier:
    """Always predicts country with a plain verdict, and no sub-genre."""

    version = "0"

    def __init__(self, name: str = "fake") -> None:
        self.name = name

    def predict(self, values: Mapping[str, float]) -> Prediction:
        if count_core(values) < MINIMUM_CORE:
            raise TooFewFeatures(count_core(values), MINIMUM_CORE)
        return prediction("country", Verdict.PLAIN)

    def explain(self, values: Mapping[str, float], genre: str) -> tuple[Reason, ...]:
        del genre
        return tuple(Reason(name, values[name], TYPICAL[name], 0.5) for name in list(values)[:2])

    def subgenre(self, values: Mapping[str, float], genre: str) -> Subgenre | None:
        del values, genre
        return None

    def typical(self, genre: str) -> Mapping[str, float]:
        del genre
        return TYPICAL


class FakeModelRegistry:
    """Has a fake model for each name."""

    names = ("fake", "other")

    async def get(self, name: str | None = None) -> FakeClassifier:
        if name not in (None, *self.names):
            raise ModelUnusable(f"there is no model {name!r}")
        return FakeClassifier(name or "fake")


class FakeShortLinks:
    """Resolves the given short links."""

    def __init__(self, known: Mapping[str, str], *, away: bool = False) -> None:
        self.known = known
        self.away = away

    async def resolve(self, url: str) -> str | None:
        if self.away:
            raise Unavailable("short links", "away")
        return self.known.get(url)


class FakeRenderer:
    """Returns the title, or the number of tracks, as bytes; `broken` makes it fail."""

    def __init__(self, *, broken: bool = False) -> None:
        self.broken = broken

    async def chart(self, answer: Answer, theme: Theme) -> bytes:
        if self.broken:
            raise RuntimeError("the renderer is broken")
        return f"{answer.subject.title} {theme}".encode()

    async def stats(
        self, stats: WorkspaceStats, typical: Mapping[str, float], theme: Theme
    ) -> bytes:
        del typical
        if self.broken:
            raise RuntimeError("the renderer is broken")
        return f"{stats.tracks} tracks {theme}".encode()


def _name(track: Track) -> str:
    return f"{track.title} {' '.join(track.artists)}".lower()
