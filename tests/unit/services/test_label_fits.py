"""Labels on answers: they follow changes, and never fail or delay a card."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

import pytest

from bot.domain.errors import StorageFailed
from bot.domain.own_labels import OwnLabel
from bot.domain.places import Place
from bot.domain.tracks import AudioFeatures
from bot.services import label_fits
from bot.services.label_fits import FRESH, LabelFits
from model.few_shot_figures import Learned
from tests.support.factories import answer, sound_answer
from tests.support.fake_labels import FakeOwnLabelStore
from tests.support.label_songs import CALM, LOUD, examples

PLACE = Place("discord", "s1", "c1")
CALM_SONG = answer(features=AudioFeatures.from_source(CALM, "fake"))
LOUD_SONG = answer(features=AudioFeatures.from_source(LOUD, "fake"))


class Setting:
    """Labels whose clock a test sets."""

    def __init__(self) -> None:
        self.time = 0.0
        self.store = FakeOwnLabelStore()
        self.fits = LabelFits(self.store, lambda: self.time)

    async def teach(self, name: str = "late night", place: Place = PLACE) -> None:
        for example in examples(CALM, 6):
            await self.store.teach(place, name, example)


@pytest.fixture
async def labels() -> AsyncIterator[Setting]:
    """Return labels; close them afterwards."""
    setting = Setting()
    yield setting
    await setting.fits.close()


async def test_answer_has_the_labels_that_the_song_fits(labels: Setting) -> None:
    await labels.teach()
    found = await labels.fits.added_to(CALM_SONG, replace(PLACE, channel="other"))
    assert list(found.own_labels) == ["late night"]
    assert 0.8 < found.own_labels["late night"] < 1
    assert replace(found, own_labels={}) == CALM_SONG
    assert await labels.fits.added_to(LOUD_SONG, PLACE) == LOUD_SONG


async def test_other_workspaces_have_no_such_label(labels: Setting) -> None:
    await labels.teach()
    elsewhere = replace(PLACE, workspace="s2")
    assert await labels.fits.added_to(CALM_SONG, elsewhere) == CALM_SONG


async def test_label_with_too_few_songs_fits_none(labels: Setting) -> None:
    for example in examples(CALM, 4):
        await labels.store.teach(PLACE, "late night", example)
    assert await labels.fits.added_to(CALM_SONG, PLACE) == CALM_SONG


async def test_label_whose_songs_have_nothing_in_common_fits_none(
    labels: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    learn = label_fits._learn

    def mixed(found: Sequence[OwnLabel]) -> Learned:
        learned = learn(found)
        figures = {name: replace(one, is_mixed=True) for name, one in learned.figures.items()}
        return replace(learned, figures=figures)

    monkeypatch.setattr(label_fits, "_learn", mixed)
    await labels.teach()
    assert await labels.fits.added_to(CALM_SONG, PLACE) == CALM_SONG


async def test_song_that_was_heard_alone_has_no_labels(labels: Setting) -> None:
    await labels.teach()
    heard = sound_answer()
    assert await labels.fits.added_to(heard, PLACE) is heard
    assert labels.store.readings == 0


async def test_labels_are_read_once_for_many_cards_and_learned_once_while_unchanged(
    labels: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    learned: list[int] = []
    learn = label_fits._learn

    def count(found: Sequence[OwnLabel]) -> object:
        learned.append(len(found))
        return learn(found)

    monkeypatch.setattr(label_fits, "_learn", count)
    await labels.teach()
    await asyncio.gather(*(labels.fits.added_to(CALM_SONG, PLACE) for _ in range(5)))
    assert (labels.store.readings, learned) == (1, [1])
    labels.time += FRESH + 1
    await labels.fits.added_to(CALM_SONG, PLACE)
    assert (labels.store.readings, learned) == (2, [1])


async def test_change_in_another_process_is_followed_within_a_minute(labels: Setting) -> None:
    await labels.teach()
    await labels.fits.added_to(CALM_SONG, PLACE)
    await labels.store.forget_label(PLACE, "late night")
    assert (await labels.fits.added_to(CALM_SONG, PLACE)).own_labels  # as it was read before
    labels.time += 60
    assert await labels.fits.added_to(CALM_SONG, PLACE) == CALM_SONG


async def test_change_in_this_process_is_followed_at_once(labels: Setting) -> None:
    await labels.fits.added_to(CALM_SONG, PLACE)
    await labels.teach()
    assert len((await labels.fits.read(PLACE)).labels) == 1
    assert (await labels.fits.added_to(CALM_SONG, PLACE)).own_labels


async def test_failing_database_leaves_the_card_as_it_is(labels: Setting) -> None:
    labels.store.error = StorageFailed("away")
    assert await labels.fits.added_to(CALM_SONG, PLACE) == CALM_SONG
    labels.store.error = ValueError("unexpected")
    assert await labels.fits.added_to(CALM_SONG, PLACE) == CALM_SONG


async def test_failing_database_leaves_the_labels_that_were_read_before(labels: Setting) -> None:
    await labels.teach()
    before = await labels.fits.added_to(CALM_SONG, PLACE)
    labels.time += 3600
    labels.store.error = StorageFailed("away")
    assert await labels.fits.added_to(CALM_SONG, PLACE) == before


async def test_slow_database_does_not_delay_the_card() -> None:
    class Endless(FakeOwnLabelStore):
        async def of(self, place: Place) -> Sequence[OwnLabel]:
            await asyncio.Event().wait()
            return await super().of(place)

    fits = LabelFits(Endless(), time_limit=0)
    assert await fits.added_to(CALM_SONG, PLACE) == CALM_SONG
    await fits.close()
