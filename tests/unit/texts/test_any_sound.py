"""Texts never fail, whatever was heard and whatever is known besides."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot import texts
from bot.domain.cards import Answer
from bot.domain.filing import FiledUnder
from bot.domain.tracks import Track
from bot.services.listen import answer_by_sound
from model.genres import WIDE
from model.sound.heard import Heard, NoMusic
from model.sound.tag_words import tag_words
from model.verdicts import Verdict
from tests.support.factories import answer, prediction

VERDICTS = st.sampled_from(Verdict)
GENRES = st.permutations(WIDE).flatmap(
    lambda genres: st.integers(1, len(genres)).map(
        lambda count: dict.fromkeys(genres[:count], 1 / count)
    )
)


def optional(low: float, high: float) -> st.SearchStrategy[float | None]:
    return st.none() | st.floats(low, high)


HEARD = st.builds(
    Heard,
    tags=st.dictionaries(st.sampled_from(sorted(tag_words())) | st.text(), st.floats(0, 1)),
    genres=GENRES,
    verdict=VERDICTS,
    no_music=st.none() | st.sampled_from(NoMusic),
    seconds=st.floats(0, 30),
    duration=st.floats(0, 36_000),
    tempo=optional(1, 1000),
    other_tempo=optional(1, 1000),
    loudness=optional(-100, 10),
    key=st.sampled_from([None, "A minor", "B♭ major"]),
    model=st.just("musicnn"),
    model_version=st.just("1"),
)
TRACKS = st.builds(
    Track,
    title=st.text(),
    artists=st.lists(st.text(), max_size=3).map(tuple),
    sound_id=st.none() | st.just("0"),
)
FILED = st.none() | st.builds(
    FiledUnder,
    st.lists(st.sampled_from(WIDE), min_size=1, unique=True).map(tuple),
    st.just("musicbrainz"),
)


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    """Generate answers by sound, alone or beside features."""
    track, heard, filed = draw(TRACKS), draw(HEARD), draw(FILED)
    if draw(st.booleans()):
        found = answer_by_sound(track, heard)
    else:
        predicted = prediction(draw(st.sampled_from(WIDE)), draw(VERDICTS))
        by_numbers = draw(st.lists(st.sampled_from(WIDE), max_size=3, unique=True).map(tuple))
        found = replace(answer(prediction=predicted), subject=track, heard=heard)
        found = replace(found, by_numbers=by_numbers)
    return replace(found, filed_under=filed)


@given(answers())
def test_every_text_of_a_card_is_whole(found: Answer) -> None:
    for line in (
        texts.verdict(found),
        texts.small_print(found),
        texts.sound_opinion(found) or ".",
        texts.heard_line(found) or ".",
        texts.filed_under(found) or ".",
        texts.why(found) or ".",
    ):
        assert line.endswith(".")
        assert "\n" not in line
        assert "None" not in line
        assert "  " not in line
    assert found.prediction.best in texts.alt(found)
    assert texts.small_print(found) in texts.plain_text(found)
    assert texts.facts(found) in texts.plain_text(found)
