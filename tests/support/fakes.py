"""In-memory implementations of ports; contract tests run against them and the real adapters."""

from collections.abc import Mapping, Sequence

from bot import texts
from bot.domain.cards import Answer, Theme
from bot.domain.collections import CollectionSummary
from bot.domain.errors import ModelUnusable, Unavailable
from bot.domain.filing import FiledUnder
from bot.domain.pictures import PictureFormat
from bot.domain.song_query import SongQuery
from bot.domain.statistics import WorkspaceStats
from bot.domain.tracks import AudioFeatures, MeasuredTrack, SubjectRef, Track
from model.bundle import Lineage
from model.classifier import Prediction
from model.errors import TooFewFeatures
from model.gate_report import GateReport
from model.genres import WIDE
from model.reasons import Reason
from model.schema import INPUT_NAMES, MINIMUM_CORE, count_core
from model.subgenres import Subgenre
from model.verdicts import Verdict
from tests.support.factories import TYPICAL, prediction


class FakeLookup:
    """Knows the given tracks; `away` makes it unavailable. Counts its requests."""

    def __init__(self, *tracks: Track, away: bool = False) -> None:
        self.tracks = list(tracks)
        self.away = away
        self.asked = 0

    name = "fake"

    async def get(self, known: Track) -> Track | None:
        self._ask()
        return next((track for track in self.tracks if _same(track, known)), None)

    async def search(self, query: SongQuery) -> Sequence[Track]:
        self._ask()
        words = query.text.lower().replace(" - ", " ").split()
        return [t for t in self.tracks if words and all(w in _name(t) for w in words)][:10]

    def _ask(self) -> None:
        self.asked += 1
        if self.away:
            raise Unavailable("fake", "away")


class FakeFeatures:
    """Knows features, and tells ISRCs, by the tracks' keys; `away` makes it unavailable."""

    name = "fake"

    def __init__(
        self,
        known: Mapping[str, Mapping[str, float]],
        *,
        away: bool = False,
        isrcs: Mapping[str, str] | None = None,
    ) -> None:
        self.known = known
        self.away = away
        self.isrcs = isrcs or {}
        self.asked = 0

    async def measure(self, tracks: Sequence[Track]) -> Sequence[MeasuredTrack | None]:
        self.asked += 1
        if self.away:
            raise Unavailable("fake", "away", retry_after=90)
        return [self._measured(track) for track in tracks]

    async def measure_each(
        self, tracks: Sequence[Track]
    ) -> Sequence[MeasuredTrack | Unavailable | None]:
        return await self.measure(tracks)

    def _measured(self, track: Track) -> MeasuredTrack | None:
        values = self.known.get(track.key) or self.known.get(f"isrc:{track.isrc}")
        if not values:
            return None
        ids = Track(isrc=self.isrcs.get(track.key))
        return MeasuredTrack(track.merge(ids), AudioFeatures.from_source(values, "fake"))


class FakePages:
    """Knows the given pages."""

    def __init__(self, known: Mapping[SubjectRef, Track]) -> None:
        self.known = known

    async def get(self, ref: SubjectRef) -> Track | None:
        return self.known.get(ref)


class FakeFiling:
    """Files the tracks with the given keys."""

    def __init__(self, known: Mapping[str, FiledUnder] | None = None) -> None:
        self.known = known or {}
        self.asked: list[Track] = []

    async def filed_under(self, track: Track) -> FiledUnder | None:
        self.asked.append(track)
        return self.known.get(track.key)


class FakeClassifier:
    """Always predicts one genre with a plain verdict, and no sub-genre."""

    features = INPUT_NAMES

    def __init__(
        self,
        name: str = "fake",
        version: str = "0",
        best: str = "country",
        lineage: Lineage | None = None,
        report: GateReport | None = None,
    ) -> None:
        self.name = name
        self.version = version
        self.best = best
        self.lineage = lineage
        self.report = report

    def predict(self, values: Mapping[str, float]) -> Prediction:
        if count_core(values) < MINIMUM_CORE:
            raise TooFewFeatures(count_core(values), MINIMUM_CORE)
        return prediction(self.best, Verdict.PLAIN)

    def best_genres(
        self, values: Mapping[str, float], grids: Mapping[str, Sequence[float]]
    ) -> Mapping[str, Sequence[str]]:
        del values
        return {name: [self.best] * len(grid) for name, grid in grids.items()}

    def verdict(self, genres: Mapping[str, float]) -> Verdict:
        return Verdict.PLAIN if next(iter(genres.values())) >= 0.5 else Verdict.UNSURE

    def explain(self, values: Mapping[str, float], prediction: Prediction) -> tuple[Reason, ...]:
        del prediction
        return tuple(Reason(name, values[name], TYPICAL[name], 0.5) for name in list(values)[:2])

    def subgenre(self, values: Mapping[str, float], genre: str) -> Subgenre | None:
        del values, genre
        return None

    def typical(self, genre: str) -> Mapping[str, float]:
        return dict.fromkeys(WIDE, TYPICAL)[genre]


class FakeModelRegistry:
    """Has a fake model for each name; all have one version, which may be changed, and predict one
    genre.
    """

    names = ("fake", "other")

    def __init__(self, lineage: Lineage | None = None, report: GateReport | None = None) -> None:
        self.version = "0"
        self.best = "country"
        self.lineage = lineage
        self.report = report

    async def get(self, name: str | None = None) -> FakeClassifier:
        if name not in (None, *self.names):
            raise ModelUnusable(f"there is no model {name!r}")
        return FakeClassifier(name or "fake", self.version, self.best, self.lineage, self.report)


class FakeShortLinks:
    """Resolves the given short links."""

    def __init__(self, known: Mapping[str, str], *, away: bool = False) -> None:
        self.known = known
        self.away = away

    async def resolve(self, url: str) -> str | None:
        if self.away:
            raise Unavailable("short links", "away")
        return self.known.get(url)


class FakeCovers:
    """Returns what `images` has at an address, and counts in `asked` which were asked for."""

    def __init__(self) -> None:
        self.images: dict[str, bytes] = {}
        self.asked: list[str] = []

    async def fetch(self, address: str) -> bytes | None:
        self.asked.append(address)
        return self.images.get(address)


class FakeRenderer:
    """Returns the title, or the number of tracks, as bytes; `broken` makes it fail."""

    def __init__(self, *, broken: bool = False) -> None:
        self.broken = broken

    async def chart(self, answer: Answer, theme: Theme) -> bytes:
        if self.broken:
            raise RuntimeError("the renderer is broken")
        return f"{answer.subject.title} {theme}".encode()

    async def share(
        self,
        answer: Answer,
        tally: Mapping[str, int],
        cover: bytes | None,
        theme: Theme,
        format_: PictureFormat = PictureFormat.PNG,
    ) -> bytes:
        if self.broken:
            raise RuntimeError("the renderer is broken")
        votes = texts.vote_tally(tally)
        parts = (answer.subject.title, votes, str(cover), theme, format_)
        return " ".join(parts).encode()

    async def stats(
        self, stats: WorkspaceStats, typical: Mapping[str, float], theme: Theme
    ) -> bytes:
        del typical
        if self.broken:
            raise RuntimeError("the renderer is broken")
        return f"{stats.tracks} tracks {theme}".encode()

    async def comparison(self, first: Answer, second: Answer, theme: Theme) -> bytes:
        if self.broken:
            raise RuntimeError("the renderer is broken")
        return f"{first.subject.title} {second.subject.title} {theme}".encode()

    async def collection(self, summary: CollectionSummary, theme: Theme) -> bytes:
        if self.broken:
            raise RuntimeError("the renderer is broken")
        return f"{summary.title} {theme}".encode()


def _name(track: Track) -> str:
    return f"{track.title} {' '.join(track.artists)}".lower()


def _same(track: Track, known: Track) -> bool:
    ids = ("spotify_id", "isrc", "deezer_id", "musicbrainz_id")
    pairs = [(getattr(track, name), getattr(known, name)) for name in ids]
    return any(one and one == other for one, other in pairs)
