"""A candidate classifies what is answered, unseen, and votes decide about it."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from bot.domain.cards import Card, ModelRef
from bot.domain.shadow_answers import ShadowComparison
from bot.services import shadow
from bot.services.shadow import ShadowedPredictions, ShadowService
from model.classifier import Prediction
from tests.support.factories import answer, prediction, sound_answer, track
from tests.support.fake_messages import FakeMessageStore
from tests.support.fake_models import FakeShadowStore
from tests.support.fake_stores import FakePredictionStore, FakeVoteStore
from tests.support.fakes import FakeClassifier
from tests.support.store_values import PLACE, TickingClock

ANSWER = answer(model=ModelRef("fake", "0"))
CANDIDATE = ModelRef("fake", "2")


class Candidate(FakeClassifier):
    """Predicts jazz, after it has failed `failures` times. `asked` are the values it was given."""

    def __init__(self) -> None:
        super().__init__("fake", "2")
        self.asked: list[Mapping[str, float]] = []
        self.failures = 0

    def predict(self, values: Mapping[str, float]) -> Prediction:
        self.asked.append(values)
        if self.failures:
            self.failures -= 1
            raise RuntimeError("it is broken")
        return prediction("jazz")


class NotifyingStore(FakeShadowStore):
    """Counts what is stored in `added`; stores nothing while `gate` is cleared."""

    def __init__(self, predictions: FakePredictionStore, votes: FakeVoteStore) -> None:
        super().__init__(predictions, votes)
        self.added = asyncio.Semaphore(0)
        self.gate = asyncio.Event()
        self.gate.set()

    async def add(self, card_id: int, candidate: ModelRef, genres: Mapping[str, float]) -> None:
        await self.gate.wait()
        try:
            await super().add(card_id, candidate, genres)
        finally:
            self.added.release()

    async def wait(self, count: int = 1) -> None:
        async with asyncio.timeout(10):
            for _ in range(count):
                await self.added.acquire()


class App:
    """A candidate beside the stores of answers."""

    def __init__(self) -> None:
        inner = FakePredictionStore()
        votes = FakeVoteStore(inner, FakeMessageStore(inner, TickingClock()))
        self.store = NotifyingStore(inner, votes)
        self.candidate = Candidate()
        self.service = ShadowService(self.store)
        self.service.follow(self.candidate)
        self.predictions = ShadowedPredictions(inner, self.service)

    async def ask(self) -> Card:
        return await self.predictions.add(ANSWER, PLACE)


@pytest.fixture
async def app() -> App:
    return App()


async def test_answer_is_classified_by_the_candidate_too(app: App) -> None:
    async with app.service.running():
        card = await app.ask()
        await app.store.wait()
    assert app.store.answers == {(card.id, CANDIDATE): prediction("jazz").genres}
    assert app.candidate.asked == [ANSWER.features.with_year(ANSWER.subject.year)]
    assert await app.predictions.get(card.id) == card
    assert await app.predictions.latest(track().key, PLACE) == card
    assert await app.predictions.newest(track().key, PLACE, 3) == [card]
    assert card.answer == ANSWER  # nothing of the candidate is displayed


async def test_users_do_not_wait_for_the_candidate_and_the_queue_is_bounded(app: App) -> None:
    app.store.gate.clear()
    async with app.service.running():
        for _ in range(2 * shadow.QUEUE):
            await app.ask()
        app.store.gate.set()
        await app.store.wait(shadow.QUEUE)
    assert shadow.QUEUE <= len(app.store.answers) <= shadow.QUEUE + 1


@pytest.mark.parametrize(
    "other",
    [
        replace(ANSWER, model=ModelRef("study", "0")),
        replace(sound_answer(track()), model=ModelRef("fake", "0")),
    ],
)
async def test_answers_of_other_models_and_by_sound_alone_are_left_out(
    app: App, other: object
) -> None:
    async with app.service.running():
        await app.predictions.add(other, PLACE)  # type: ignore[arg-type]
        card = await app.ask()
        await app.store.wait()
    assert list(app.store.answers) == [(card.id, CANDIDATE)]


async def test_nothing_is_kept_without_a_candidate(app: App) -> None:
    app.service.follow(None)
    await app.ask()
    app.service.follow(app.candidate)
    async with app.service.running():
        await app.ask()
        await app.store.wait()
    assert len(app.candidate.asked) == 1


async def test_failures_are_logged_once_and_do_not_reach_users(
    app: App, caplog: pytest.LogCaptureFixture
) -> None:
    async with app.service.running():
        app.candidate.failures = 3
        app.store.broken = True
        for _ in range(4):
            await app.ask()
        await app.store.wait()
        app.store.broken = False
        await app.ask()
        await app.store.wait()
    assert len(app.store.answers) == 1
    (line,) = caplog.messages
    assert line.startswith("candidate fake 2 did not classify an answer: ")


@given(st.integers(0, 60), st.integers(0, 60))
def test_candidate_is_refused_by_the_sign_test(votes_for: int, votes_against: int) -> None:
    compared = ShadowComparison(900, 120, votes_for, votes_against)
    count = votes_for + votes_against
    by_chance = binomtest(votes_for, count, alternative="less").pvalue if count else 1
    assert shadow.is_refused(compared) == (by_chance < 0.05)


@pytest.mark.parametrize(
    ("votes", "refused", "why"),
    [
        ((12, 3), False, "do not speak against it"),
        ((3, 12), True, "more votes are against it than chance explains"),
        ((0, 4), False, "do not speak against it"),
        ((0, 0), False, "the gate had passed it"),
    ],
)
def test_reasons_have_the_figures(votes: tuple[int, int], why: str, *, refused: bool) -> None:
    compared = ShadowComparison(900, 40, *votes)
    figures, verdict = shadow.reasons(compared)
    assert shadow.is_refused(compared) is refused
    assert figures == (
        f"differs on 40 of 900 answers; votes: {votes[0]} for it, {votes[1]} against"
    )
    assert why in verdict
