"""From a link or a track to its features, names and filed genres."""

import asyncio
from collections.abc import Mapping, Sequence

import pytest

from bot.domain.errors import FeaturesUnknown, TrackNotFound, Unavailable
from bot.domain.filing import FiledUnder
from bot.domain.music_services import MusicService
from bot.domain.tracks import MeasuredTrack, SubjectKind, SubjectRef, Track
from bot.services.measure import DETAIL_LIMIT, MeasureService
from tests.support.factories import OLD_TOWN_ROAD, VALUES, track
from tests.support.fakes import FakeFeatures, FakeFiling, FakeLookup, FakePages
from tests.support.virtual_time import in_virtual_time

ISRC = "USSM11904128"
ROAD = SubjectRef(SubjectKind.TRACK, OLD_TOWN_ROAD)
ON_DEEZER = SubjectRef(SubjectKind.TRACK, "3135556", MusicService.DEEZER)
COUNTRY = FiledUnder(("country",), "fake")


def measuring(
    *lookups: FakeLookup,
    features: FakeFeatures | None = None,
    details: Sequence[FakeLookup] = (),
    filing: FakeFiling | None = None,
    pages: Mapping[SubjectRef, Track] | None = None,
    named: FakeLookup | None = None,
    time_limit: float = 10,
) -> MeasureService:
    async def by_name(page: Track) -> Track | None:
        tracks = named.tracks if named else []
        return next((track for track in tracks if track.title == page.title), None)

    return MeasureService(
        pages=FakePages(pages or {}),
        by_name=by_name,
        features=features or FakeFeatures({OLD_TOWN_ROAD: VALUES}),
        lookups=lookups or [FakeLookup(track())],
        details=details,
        filing=filing or FakeFiling({OLD_TOWN_ROAD: COUNTRY}),
        time_limit=time_limit,
    )


async def test_a_link_to_spotify_is_measured_by_its_id() -> None:
    measured = await measuring().by_ref(ROAD)
    assert measured.track == track()
    assert measured.features.values == VALUES
    assert measured.filed_under == COUNTRY


async def test_a_re_release_is_measured_by_its_isrc() -> None:
    known = track(isrc=ISRC)
    features = FakeFeatures({f"isrc:{ISRC}": VALUES})
    measured = await measuring(FakeLookup(known), features=features).by_ref(ROAD)
    assert measured.track == known
    assert features.asked == 2


async def test_names_and_year_come_from_the_details_if_the_isrc_is_known() -> None:
    described = Track(isrc=ISRC, title="Old Town Road", artists=("Lil Nas X",), year=2019)
    lookup = FakeLookup(track())
    features = FakeFeatures({OLD_TOWN_ROAD: VALUES}, isrcs={OLD_TOWN_ROAD: ISRC})
    service = measuring(lookup, features=features, details=[FakeLookup(described)])
    found = (await service.by_ref(ROAD)).track
    assert (found.title, found.year, found.spotify_id) == ("Old Town Road", 2019, OLD_TOWN_ROAD)
    assert lookup.asked == 0


async def test_lookups_are_asked_until_title_and_artists_are_known() -> None:
    title = FakeLookup(Track(OLD_TOWN_ROAD, title="Road", image="https://cover"))
    named, last = FakeLookup(track()), FakeLookup(track())
    found = (await measuring(FakeLookup(away=True), title, named, last).by_ref(ROAD)).track
    assert (found.title, found.artists, found.image) == ("Road", track().artists, "https://cover")
    assert [lookup.asked for lookup in (title, named, last)] == [1, 1, 0]


async def test_a_track_without_metadata_is_answered_and_its_title_looked_up_again() -> None:
    lookup = FakeLookup(away=True)
    service = measuring(lookup)
    assert (await service.by_ref(ROAD)).track.title == ""
    lookup.away = False
    lookup.tracks.append(track())
    assert (await service.by_ref(ROAD)).track.title


async def test_a_page_with_an_isrc_is_measured_by_it() -> None:
    page = Track(deezer_id="3135556", title="Old Town Road", artists=("Lil Nas X",), isrc=ISRC)
    service = measuring(features=FakeFeatures({f"isrc:{ISRC}": VALUES}), pages={ON_DEEZER: page})
    assert (await service.by_ref(ON_DEEZER)).features.values == VALUES


async def test_a_page_without_ids_is_found_by_its_name() -> None:
    page = Track(title="Old Town Road - Remix")
    service = measuring(pages={ON_DEEZER: page}, named=FakeLookup(track()))
    assert (await service.by_ref(ON_DEEZER)).track.spotify_id == OLD_TOWN_ROAD


async def test_a_page_that_does_not_exist_is_not_found() -> None:
    with pytest.raises(TrackNotFound):
        await measuring().by_ref(ON_DEEZER)


async def test_unavailable_services_are_not_reported_as_an_unknown_track() -> None:
    with pytest.raises(Unavailable):
        await measuring(FakeLookup(away=True), features=FakeFeatures({}, away=True)).by_ref(ROAD)


async def test_unavailable_features_are_not_reported_as_unknown() -> None:
    with pytest.raises(Unavailable):
        await measuring(features=FakeFeatures({}, away=True)).by_ref(ROAD)


async def test_an_unknown_track_is_not_found() -> None:
    with pytest.raises(TrackNotFound):
        await measuring(FakeLookup(), features=FakeFeatures({})).by_ref(ROAD)


async def test_unknown_features_are_reported_with_the_title() -> None:
    with pytest.raises(FeaturesUnknown) as raised:
        await measuring(features=FakeFeatures({})).by_ref(ROAD)
    assert raised.value.title == "Old Town Road - Remix"


async def test_a_track_without_an_id_of_its_own_is_measured() -> None:
    song = track(None, title="So What", artists=("Miles Davis",))
    service = measuring(FakeLookup(song), features=FakeFeatures({song.key: VALUES}))
    assert (await service.by_track(song)).track == song


async def test_concurrent_requests_share_one_request_to_each_source() -> None:
    lookup, features = FakeLookup(track()), FakeFeatures({OLD_TOWN_ROAD: VALUES})
    filing = FakeFiling({OLD_TOWN_ROAD: COUNTRY})
    service = measuring(lookup, features=features, filing=filing)
    await asyncio.gather(*(service.by_ref(ROAD) for _ in range(100)))
    await service.by_ref(ROAD)
    assert (lookup.asked, features.asked, len(filing.asked)) == (1, 1, 1)


async def test_a_failure_is_not_cached() -> None:
    features = FakeFeatures({}, away=True)
    service = measuring(features=features)
    with pytest.raises(Unavailable):
        await service.by_ref(ROAD)
    features.away, features.known = False, {OLD_TOWN_ROAD: VALUES}
    assert (await service.by_ref(ROAD)).features.values == VALUES


class HangingFeatures(FakeFeatures):
    """Answers after `gate` is set."""

    def __init__(self, known: Mapping[str, Mapping[str, float]]) -> None:
        super().__init__(known)
        self.gate = asyncio.Event()

    async def measure(self, tracks: Sequence[Track]) -> Sequence[MeasuredTrack | None]:
        await self.gate.wait()
        return await super().measure(tracks)


@in_virtual_time
async def test_a_hanging_source_ends_at_the_time_limit() -> None:
    service = measuring(features=HangingFeatures({}), time_limit=7)
    started = asyncio.get_running_loop().time()
    for request in (service.by_ref(ROAD), service.by_track(track(title="x"))):
        with pytest.raises(Unavailable, match="no answer in 7 s"):
            await request
    assert asyncio.get_running_loop().time() - started == pytest.approx(14)


class HangingLookup(FakeLookup):
    """Never answers."""

    async def get(self, known: Track) -> Track | None:
        del known
        return await asyncio.Event().wait()  # type: ignore[return-value] # it does not return


@in_virtual_time
async def test_a_card_does_not_wait_long_for_what_it_can_do_without() -> None:
    features = FakeFeatures({OLD_TOWN_ROAD: VALUES}, isrcs={OLD_TOWN_ROAD: ISRC})
    service = measuring(FakeLookup(track()), features=features, details=[HangingLookup()])
    started = asyncio.get_running_loop().time()
    assert (await service.by_ref(ROAD)).track.title == track().title
    assert asyncio.get_running_loop().time() - started == pytest.approx(DETAIL_LIMIT)


async def test_a_cancelled_request_does_not_cancel_the_others() -> None:
    hanging = HangingFeatures({OLD_TOWN_ROAD: VALUES})
    service = measuring(features=hanging)
    first, second = (asyncio.create_task(service.by_ref(ROAD)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    hanging.gate.set()
    assert (await second).track.spotify_id == OLD_TOWN_ROAD
    assert first.cancelled()


async def test_filed_genres_are_those_of_the_completed_track() -> None:
    filing = FakeFiling({OLD_TOWN_ROAD: COUNTRY})
    features = FakeFeatures({OLD_TOWN_ROAD: VALUES}, isrcs={OLD_TOWN_ROAD: ISRC})
    await measuring(features=features, filing=filing).by_ref(ROAD)
    assert filing.asked == [Track(OLD_TOWN_ROAD, isrc=ISRC, url=track().url)]
