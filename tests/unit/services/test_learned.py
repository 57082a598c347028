"""What a voter learns at their next action: a song they corrected is now answered their way."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.domain.cards import Card, ModelRef
from bot.domain.corrections import Correction
from bot.domain.errors import StorageFailed
from bot.domain.places import Place
from bot.domain.tracks import AudioFeatures
from bot.domain.votes import Vote, VoteKind
from bot.services import learned
from model.verdicts import Verdict
from tests.support.factories import HEROES, OLD_TOWN_ROAD, answer, prediction, sound_answer, track
from tests.support.fake_app import FakeApp

CHANNEL = Place("test", "w", "c")
SENTENCE = "The song you corrected, “Old Town Road - Remix”, is now answered your way: jazz."


@pytest.fixture
def app() -> FakeApp:
    """Return services whose model has a new version, which answers jazz."""
    made = FakeApp()
    made.models.version, made.models.best = "1", "jazz"
    return made


async def corrected(app: FakeApp, genre: str = "jazz", **changes: object) -> Card:
    """Store an answer "country" of the version before, and the vote of Ann for another genre."""
    old = replace(answer(model=ModelRef("fake", "0")), **changes)  # type: ignore[arg-type] # fields
    card = await app.predictions.add(old, CHANNEL)
    await vote(app, card, genre)
    return card


async def vote(app: FakeApp, card: Card, genre: str, *, added: bool = True) -> None:
    given = Vote(CHANNEL, card.id, "ann", VoteKind.CHOICE, genre, added=added)
    await app.services.voting.record(given)


async def notice(app: FakeApp, user: str = "ann", besides: str = "") -> str | None:
    return await app.services.learned.notice(CHANNEL, user, besides=besides)


async def test_voter_learns_it_once(app: FakeApp) -> None:
    await corrected(app)
    assert await notice(app) == SENTENCE
    assert await notice(app) is None


async def test_others_learn_nothing(app: FakeApp) -> None:
    await corrected(app)
    assert await notice(app, "bob") is None
    assert await notice(app) == SENTENCE


async def test_one_song_is_named_at_each_action_the_newest_first(app: FakeApp) -> None:
    await corrected(app)
    await corrected(app, subject=track(HEROES, title="Heroes", artists=("David Bowie",)))
    first, second, third = [await notice(app) for _ in range(3)]
    assert "Heroes" in (first or "")
    assert second == SENTENCE
    assert third is None


async def test_song_that_is_voted_on_just_now_is_left_for_the_next_action(app: FakeApp) -> None:
    card = await corrected(app)
    assert await notice(app, besides=card.answer.subject.key) is None
    assert await notice(app) == SENTENCE


async def test_vote_must_stand(app: FakeApp) -> None:
    card = await corrected(app)
    await vote(app, card, "jazz", added=False)
    assert await notice(app) is None


async def test_answer_must_be_that_of_the_vote(app: FakeApp) -> None:
    await corrected(app, "folk")
    assert await notice(app) is None


async def test_answer_must_have_changed(app: FakeApp) -> None:
    await corrected(app, prediction=prediction("jazz"))
    assert await notice(app) is None


async def test_answer_must_be_sure_of_a_genre(
    app: FakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    await corrected(app)
    unsure = replace(prediction("jazz"), verdict=Verdict.UNSURE)
    monkeypatch.setattr("tests.support.fakes.FakeClassifier.predict", lambda *_: unsure)
    assert await notice(app) is None


async def test_song_with_too_few_features_is_left_out(app: FakeApp) -> None:
    await corrected(app, features=AudioFeatures.from_source({"energy": 0.5}, "fake"))
    assert await notice(app) is None


async def test_files_are_left_out(app: FakeApp) -> None:
    heard = replace(sound_answer(), model=ModelRef("fake", "0"))
    card = await app.predictions.add(heard, CHANNEL)
    await vote(app, card, "jazz")
    assert await notice(app) is None


async def test_nothing_is_looked_up_again_until_there_is_a_new_version(app: FakeApp) -> None:
    await corrected(app, "folk")
    store = app.learned
    for _ in range(3):
        assert await notice(app) is None
    assert store.asked == 1
    app.models.version, app.models.best = "2", "folk"
    assert "folk" in (await notice(app) or "")


async def test_failure_of_the_database_is_no_failure_of_the_action(
    app: FakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    await corrected(app)

    async def fail(*_: object) -> None:
        raise StorageFailed("the database is locked")

    with monkeypatch.context() as patched:
        patched.setattr(app.learned, "corrections", fail)
        assert await notice(app) is None
    assert await notice(app) == SENTENCE


async def test_action_does_not_wait_for_a_slow_database(
    app: FakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hang(*_: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(app.learned, "corrections", hang)
    monkeypatch.setattr(learned, "SECONDS", 0)
    assert await notice(app) is None


async def test_forgotten_people_may_learn_it_again_after_voting_again(app: FakeApp) -> None:
    card = await corrected(app)
    assert card.answer.subject.spotify_id == OLD_TOWN_ROAD
    assert await notice(app) == SENTENCE
    await app.services.voting.forget(CHANNEL, "ann")
    assert app.votes.noticed == set()


async def test_nothing_is_remembered_of_people_who_are_forgotten(app: FakeApp) -> None:
    await corrected(app, "folk")
    assert await notice(app) is None
    await app.services.voting.forget(CHANNEL, "ann")
    await corrected(app)
    assert await notice(app) == SENTENCE


async def test_nothing_is_remembered_of_people_who_are_forgotten_during_the_look(
    app: FakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = app.learned.corrections

    async def forgotten_after_it(user: str, model: ModelRef, limit: int) -> Sequence[Correction]:
        found = await look(user, model, limit)
        await app.services.voting.forget(CHANNEL, "ann")
        return found

    with monkeypatch.context() as patched:
        patched.setattr(app.learned, "corrections", forgotten_after_it)
        assert await notice(app) is None
    await corrected(app)
    assert await notice(app) == SENTENCE
