"""Values, a clock and generators for tests of the stores."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from hypothesis import strategies as st

from bot.domain.cards import Answer, ModelRef
from bot.domain.filing import FiledUnder
from bot.domain.places import Place
from bot.domain.ports import VoteStore
from bot.domain.tracks import AudioFeatures, Track
from bot.domain.votes import Ballot, Selection, VoteChange, VoteKind
from model.classifier import Prediction
from model.reasons import Reason
from model.schema import FEATURES, NAMES
from model.sound.heard import Heard
from model.subgenres import Subgenre
from model.verdicts import Verdict

PLACE: Final = Place("web", "local", "chat")
OTHER_PLACE: Final = Place("slack", "T1", "C1")
ALICE: Final = "a" * 32
BOB: Final = "b" * 32

KEY: Final = "The key that the tests encrypt with"

KindAndGenre = tuple[VoteKind, str]
"""Kind and genre of a selection."""

RIGHT: Final[KindAndGenre] = (VoteKind.RIGHT, "country")
JAZZ: Final[KindAndGenre] = (VoteKind.REACTION, "jazz")
FOLK: Final[KindAndGenre] = (VoteKind.CHOICE, "folk")

TRACK: Final = Track(
    "2YpeDb67231RjR0MgVLzsG",
    "Old Town Road - Remix",
    ("Lil Nas X", "Billy Ray Cyrus"),
    url="https://open.spotify.com/track/2YpeDb67231RjR0MgVLzsG",
    image="https://images.example/cover",
    isrc="USSM11901234",
    musicbrainz_id="b1a9c0e9-d987-4042-ae91-78d6a3267d69",
    deezer_id="677524752",
    duration_ms=157_067,
    duration_source="reccobeats",
    year=2019,
)
OTHER_TRACK: Final = Track(None, "Heroes", ("David Bowie",))

ANSWER: Final = Answer(
    subject=TRACK,
    features=AudioFeatures.from_source(
        {"danceability": 0.878, "energy": 0.619, "valence": 0.639, "tempo": 136.041}, "sample"
    ),
    prediction=Prediction(
        {"country": 0.5, "hip-hop": 0.3, "pop": 0.2}, Verdict.EITHER, ("key",), prior="popular"
    ),
    reasons=(Reason("energy", 0.619, 0.7, 0.4), Reason("tempo", 136.041, 118.0, 0.1)),
    typical={"danceability": 0.6, "energy": 0.65},
    model=ModelRef("wide", "2"),
)


def answer_about(track: Track, **features: float) -> Answer:
    """Return an answer about `track`, with `features` if any are given."""
    values = features or ANSWER.features.values
    return replace(ANSWER, subject=track, features=AudioFeatures.from_source(values, "sample"))


class TickingClock:
    """Clock that advances by a second at each call; a test may set `time`."""

    def __init__(self) -> None:
        self.time = datetime(2026, 1, 31, 23, 59, 50, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.time += timedelta(seconds=1)
        return self.time


async def change_ballot(
    votes: VoteStore,
    card_id: int,
    user: str,
    choice: KindAndGenre,
    *,
    added: bool = True,
    event_id: str | None = None,
) -> Ballot:
    """Store one change of a ballot, bypassing the voting rules of the domain."""
    change = VoteChange(Selection(card_id, *choice), added)
    return await votes.change(card_id, user, lambda _: [change], event_id)


def with_genres(answer: Answer, *genres: str) -> Answer:
    """Return the answer with other predicted genres, the best first."""
    descending = {genre: 0.5 / (rank + 1) for rank, genre in enumerate(genres)}
    return replace(answer, prediction=replace(answer.prediction, genres=descending))


def sqlite_url(path: Path) -> str:
    """Return the URL of a SQLite database."""
    return f"sqlite+aiosqlite:///{path}"


def answers() -> st.SearchStrategy[Answer]:
    """Generate answers with any text, any subset of the features, and any finite numbers.

    Each value has its own source. The text contains no NUL, which PostgreSQL rejects.
    """
    text = st.text(st.characters(codec="utf-8", exclude_characters="\0"))
    numbers = st.floats(allow_nan=False, allow_infinity=False)
    values = {
        feature.name: st.floats(max(feature.low, -1e9), min(feature.high, 1e9))
        for feature in FEATURES
    }
    subsets = st.fixed_dictionaries({}, optional=values)
    features = subsets.flatmap(lambda some: _with_sources(some, text))
    names = st.sampled_from(NAMES)
    optional = st.none() | text
    tracks = st.builds(
        Track, optional, text, st.lists(text).map(tuple), optional, optional, optional, optional,
        optional, st.none() | st.integers(0), optional, st.none() | st.integers(1900, 2100),
        optional,
    )  # fmt: skip
    predictions = st.builds(
        Prediction,
        st.dictionaries(text, numbers, min_size=1),
        st.sampled_from(Verdict),
        st.lists(names).map(tuple),
        st.booleans(),
        optional,
    )
    reasons = st.builds(Reason, names, numbers, numbers, numbers)
    return st.builds(
        Answer,
        tracks,
        features,
        predictions,
        st.lists(reasons, max_size=3).map(tuple),
        subsets,
        st.builds(ModelRef, text, text),
        st.none() | st.builds(Subgenre, text, text, numbers),
        st.none() | st.builds(FiledUnder, st.lists(text, min_size=1).map(tuple), text),
        st.none() | _heard(text, numbers),
    )


def _heard(
    text: st.SearchStrategy[str], numbers: st.SearchStrategy[float]
) -> st.SearchStrategy[Heard]:
    probabilities, optional = st.dictionaries(text, numbers), st.none() | numbers
    return st.builds(
        Heard,
        tags=probabilities,
        genres=probabilities,
        tempo=optional,
        other_tempo=optional,
        loudness=optional,
        key=st.none() | text,
        seconds=numbers,
        duration=numbers,
        model=text,
        model_version=text,
    )


def _with_sources(
    values: dict[str, float], sources: st.SearchStrategy[str]
) -> st.SearchStrategy[AudioFeatures]:
    named = st.fixed_dictionaries(dict.fromkeys(values, sources))
    return st.builds(AudioFeatures, st.just(values), named)
