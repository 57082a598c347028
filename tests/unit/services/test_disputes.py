"""Famous songs that are filed under other genres than the model hears."""

import pytest

from bot.domain.filing import FiledUnder
from bot.domain.tracks import AudioFeatures, MeasuredTrack
from bot.services.disputes import DisputeService, is_dispute
from model.verdicts import Verdict
from tests.support import factories
from tests.support.factories import VALUES, track
from tests.support.fake_search import FakeOffline
from tests.support.fakes import FakeClassifier, FakeModelRegistry


def song(title: str, *filed: str, values: int = 12) -> MeasuredTrack:
    """Return a song, of which the fake model says that it is country."""
    features = AudioFeatures.from_source(dict(list(VALUES.items())[:values]), "sample")
    return MeasuredTrack(track(title=title), features, FiledUnder(filed, "tables"))


class Offline(FakeOffline):
    """Counts in `asked` how often it was asked."""

    def __init__(self, *songs: MeasuredTrack) -> None:
        super().__init__()
        self.songs = songs
        self.asked = 0

    async def measured(self, songs: object) -> tuple[MeasuredTrack, ...]:
        del songs
        self.asked += 1
        return tuple(self.songs)


async def titles(offline: Offline, registry: FakeModelRegistry | None = None) -> list[str]:
    service = DisputeService(offline, registry or FakeModelRegistry())
    return [answer.subject.title for answer in await service.among(["x - y"])]


async def test_only_songs_with_another_filing_are_disputes() -> None:
    offline = Offline(
        song("Apart", "rock"), song("Agreed", "country"), song("Partly", "rock", "country")
    )
    assert await titles(offline) == ["Apart", "Partly"]


async def test_song_with_too_few_features_is_left_out() -> None:
    assert await titles(Offline(song("Few", "rock", values=1), song("Apart", "rock"))) == ["Apart"]


async def test_nothing_is_disputed_without_a_model() -> None:
    class NoModel(FakeModelRegistry):
        async def get(self, name: str | None = None) -> FakeClassifier:
            return await super().get(f"{name} that there is not")

    assert await titles(Offline(song("Apart", "rock")), NoModel()) == []


async def test_answers_are_kept_for_a_model() -> None:
    offline = Offline(song("Apart", "rock"))
    models = FakeModelRegistry()
    service = DisputeService(offline, models)
    assert await service.among(["x"]) == await service.among(["x"]) != ()
    assert offline.asked == 1
    assert await service.among(["another song"])
    assert offline.asked == 2


@pytest.mark.parametrize(
    ("filed", "verdict", "expected"),
    [
        (("rock",), Verdict.PLAIN, True),
        (("rock",), Verdict.UNSURE, False),
        (("country",), Verdict.PLAIN, False),
    ],
)
def test_unsure_answer_disputes_nothing(
    filed: tuple[str, ...], verdict: Verdict, *, expected: bool
) -> None:
    answer = factories.answer(
        prediction=factories.prediction("country", verdict), filed_under=FiledUnder(filed, "x")
    )
    assert is_dispute(answer) is expected
