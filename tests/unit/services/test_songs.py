"""Answers for songs by their ids."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.domain.cards import Card, ModelRef
from bot.domain.errors import (
    FeaturesUnknown,
    SoundslikeError,
    StorageFailed,
    TrackNotFound,
    Unavailable,
)
from bot.domain.filing import FiledUnder
from bot.domain.music_services import MusicService
from bot.domain.places import Place
from bot.domain.tracks import MeasuredTrack, SubjectKind, SubjectRef, Track
from bot.services import songs
from bot.services.classify import ClassifyService
from bot.services.measure import MeasureService
from bot.services.songs import SongService
from tests.support.factories import HEROES, OLD_TOWN_ROAD, VALUES, track
from tests.support.fake_stores import FakePredictionStore
from tests.support.fakes import (
    FakeFeatures,
    FakeFiling,
    FakeLookup,
    FakeModelRegistry,
    FakePages,
)

PLACE = Place("web", "public", "chat")
ROAD = SubjectRef(SubjectKind.TRACK, OLD_TOWN_ROAD)
UNKNOWN = SubjectRef(SubjectKind.TRACK, "0" * 22)
UNHEARD = SubjectRef(SubjectKind.TRACK, "1" * 22)
ON_DEEZER = SubjectRef(SubjectKind.TRACK, "42", MusicService.DEEZER)


class SlowStore(FakePredictionStore):
    """Lets others read before it returns what it has read."""

    async def latest(self, track_key: str, place: Place) -> Card | None:
        found = await super().latest(track_key, place)
        await asyncio.sleep(0)
        return found


class App:
    """A SongService on fakes. `time` is its clock."""

    def __init__(self) -> None:
        self.time = 0.0
        self.features = FakeFeatures({OLD_TOWN_ROAD: VALUES, HEROES: VALUES, "deezer:42": VALUES})
        self.lookup = FakeLookup(track(), track(UNHEARD.id, title="Unheard"))
        self.pages = FakePages({ON_DEEZER: Track(title="Road", artists=("X",), deezer_id="42")})
        self.filing = FakeFiling({OLD_TOWN_ROAD: FiledUnder(("country",), "fake")})
        self.predictions = SlowStore()
        self.models = FakeModelRegistry()
        self.songs = self.restarted()

    def restarted(self) -> SongService:
        measure = MeasureService(
            pages=self.pages,
            by_name=self._by_name,
            features=self.features,
            lookups=[self.lookup],
            filing=self.filing,
        )
        classify = ClassifyService(measure, self.models, self.predictions)
        return SongService(classify, self.models, self.predictions, lambda: self.time)

    @property
    def asked(self) -> int:
        return self.features.asked + self.lookup.asked

    def fail(self, *, away: bool = True) -> None:
        self.features.away = self.lookup.away = away

    async def _by_name(self, page: Track) -> Track | None:
        del page
        return None


@pytest.fixture
def app() -> App:
    return App()


async def test_those_who_ask_at_once_share_an_answer_and_it_is_kept(app: App) -> None:
    first, *others = await asyncio.gather(*(app.songs.answer(ROAD) for _ in range(3)))
    assert [one is first for one in others] == [True, True]
    app.time = 1e9
    assert await app.songs.answer(ROAD) is first
    assert app.features.asked == 1


async def test_answers_follow_the_model(app: App) -> None:
    assert (await app.songs.answer(ROAD)).model.version == "0"
    app.models.version = "1"
    assert not await app.songs.is_ready(ROAD)
    assert (await app.songs.answer(ROAD)).model.version == "1"


async def test_answer_during_which_the_model_was_replaced_is_not_kept_as_one_of_the_old(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    measure = app.features.measure

    async def measure_while_it_is_replaced(
        tracks: Sequence[Track],
    ) -> Sequence[MeasuredTrack | None]:
        app.models.version = "1"
        return await measure(tracks)

    monkeypatch.setattr(app.features, "measure", measure_while_it_is_replaced)
    assert (await app.songs.answer(ROAD)).model.version == "1"
    monkeypatch.undo()
    app.models.version = "0"  # a rollback
    assert (await app.songs.answer(ROAD)).model.version == "0"


@pytest.mark.parametrize(("ref", "error"), [(UNKNOWN, TrackNotFound), (UNHEARD, FeaturesUnknown)])
async def test_that_a_song_has_no_answer_is_remembered_for_minutes(
    app: App, ref: SubjectRef, error: type[SoundslikeError]
) -> None:
    with pytest.raises(error) as first:
        await app.songs.answer(ref)
    asked = app.asked
    app.time = songs.MISS_SECONDS - 1
    with pytest.raises(error) as again:
        await app.songs.answer(ref)
    assert app.asked == asked
    assert (str(again.value), again.value.song) == (str(first.value), first.value.song)
    app.time = songs.MISS_SECONDS
    with pytest.raises(error):
        await app.songs.answer(ref)
    assert app.asked > asked


async def test_what_is_remembered_holds_no_stack(app: App) -> None:
    with pytest.raises(TrackNotFound) as raised:
        await app.songs.answer(UNKNOWN)
    (kept, _), *_ = app.songs._misses._kept.values()
    assert raised.value.__traceback__
    assert kept.__traceback__ is None


async def test_the_number_of_songs_without_an_answer_that_are_remembered_is_bounded(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(songs, "MISSES", 10)
    service = app.restarted()
    for number in range(30):
        with pytest.raises(TrackNotFound):
            await service.answer(SubjectRef(SubjectKind.TRACK, f"{number:022}"))
    assert len(service._misses) == 10


async def test_a_failure_of_the_services_is_not_remembered(app: App) -> None:
    app.fail()
    with pytest.raises(Unavailable):
        await app.songs.answer(ROAD, PLACE)
    app.fail(away=False)
    assert (await app.songs.answer(ROAD, PLACE)).subject == track()


async def test_an_answer_that_lacks_a_detail_is_asked_for_again_after_minutes(app: App) -> None:
    app.filing.known = {}
    assert (await app.songs.answer(ROAD)).filed_under is None
    app.filing.known = {OLD_TOWN_ROAD: FiledUnder(("country",), "fake")}
    assert (await app.songs.answer(ROAD)).filed_under is None
    app.time = songs.MISS_SECONDS
    assert (await app.songs.answer(ROAD)).filed_under


@pytest.mark.parametrize("ref", [ROAD, ON_DEEZER], ids=str)
async def test_while_the_sources_fail_the_newest_answer_of_the_place_is_given(
    app: App, ref: SubjectRef
) -> None:
    card = await app.songs.card(ref, PLACE)
    service = app.restarted()
    app.fail()
    app.pages.known = {ON_DEEZER: Track(deezer_id="42")}
    assert await service.answer(ref, PLACE) == card.answer
    with pytest.raises(Unavailable):
        await service.answer(ref, Place("discord", "1", "2"))
    with pytest.raises(Unavailable):
        await service.answer(ref)


async def test_without_sources_and_database_it_is_the_sources_that_failed(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.fail()

    async def latest(*_: object) -> None:
        raise StorageFailed("away")

    monkeypatch.setattr(app.predictions, "latest", latest)
    with pytest.raises(Unavailable):
        await app.songs.answer(ROAD, PLACE)


async def test_it_is_known_whether_an_answer_asks_a_source(app: App) -> None:
    assert not await app.songs.is_ready(ROAD)
    asking = asyncio.create_task(app.songs.answer(ROAD))
    await asyncio.sleep(0)
    assert await app.songs.is_ready(ROAD)
    await asking
    assert await app.songs.is_ready(ROAD)
    assert not await app.songs.is_ready(UNKNOWN)
    with pytest.raises(TrackNotFound):
        await app.songs.answer(UNKNOWN)
    assert await app.songs.is_ready(UNKNOWN)


async def test_asking_stores_nothing(app: App) -> None:
    await app.songs.answer(ROAD, PLACE)
    assert not app.predictions.cards


async def test_votes_at_once_get_one_card_and_later_ones_find_it(app: App) -> None:
    cards = await asyncio.gather(*(app.songs.card(ROAD, PLACE) for _ in range(3)))
    assert {card.id for card in cards} == {1}
    assert await app.restarted().card(ROAD, PLACE) == cards[0]
    assert await app.songs.latest_card(ROAD, PLACE) == cards[0]
    assert len(app.predictions.cards) == 1


async def test_a_card_of_a_chat_is_found_by_a_vote_on_the_page_of_its_song(app: App) -> None:
    card = await app.predictions.add(await app.songs.answer(ROAD), PLACE)
    assert await app.songs.card(ROAD, PLACE) == card


async def test_other_figures_another_model_and_another_place_have_cards_of_their_own(
    app: App,
) -> None:
    answer = await app.songs.answer(ROAD)
    await app.predictions.add(answer, Place("discord", "1", "2"))
    await app.predictions.add(replace(answer, model=ModelRef("fake", "old")), PLACE)
    assert (await app.songs.card(ROAD, PLACE)).id == 3
    likelier = {**answer.prediction.genres, "country": 0.9}
    other = replace(answer, prediction=replace(answer.prediction, genres=likelier))
    await app.predictions.add(other, PLACE)
    # Newer cards that say something else, or less, leave it to be found.
    await app.predictions.add(replace(answer, filed_under=None, reasons=()), PLACE)
    assert (await app.songs.card(ROAD, PLACE)).id == 3
    assert len(app.predictions.cards) == 5


async def test_key_of_a_track_at_spotify_needs_no_source(app: App) -> None:
    assert await app.songs.key_of(UNKNOWN, PLACE) == UNKNOWN.id
    assert app.asked == 0
    assert await app.songs.key_of(ON_DEEZER, PLACE) == "deezer:42"
