"""Words on the square picture of a card."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.domain.cards import Answer
from bot.texts.card import headline
from bot.texts.group_chat import vote_tally
from bot.texts.numbers import capitalise, percent
from bot.texts.sound import heard_beside_genres
from bot.texts.traits import traits as plain_traits
from model.verdicts import Verdict

FILED: Final = "Filed:"
SOUNDS: Final = "Sounds:"
"""Begin the two lines about the song's genre."""

MARK: Final = "Soundslike"
"""The bot's name, in a corner."""

BY_SOUND: Final = "judged from the sound alone"
MAX_TRAITS: Final = 3


@dataclass(frozen=True, slots=True)
class Phrase:
    """A part of a line: its text, and the genre that it is about, if any."""

    text: str
    genre: str | None = None


def filed(answer: Answer) -> tuple[Phrase, ...]:
    """Return the genres that the song is filed under, as parts of a list; none if unknown."""
    genres = answer.filed_under.genres if answer.filed_under else ()
    return _listed([Phrase(genre, genre) for genre in genres])


def sounds(answer: Answer) -> tuple[Phrase, ...]:
    """Return what the song sounds like, in few words: "r&b 44 %", "rock 41 %, pop 38 %".

    Of two genres the second is left out if the first is clearly leading.
    """
    genres, verdict = answer.prediction.genres, answer.prediction.verdict
    if verdict is Verdict.UNSURE:
        return (Phrase("hard to say"),)
    named = (answer.leading,) if answer.leading else answer.prediction.named
    return _listed([Phrase(f"{genre} {percent(genres[genre])}", genre) for genre in named])


def genre_sentences(answer: Answer) -> list[str]:
    """Return both as sentences: "Filed: rock.", if it is known, and "Sounds: r&b 44 %."."""
    start = [f"{FILED} {_joined(filed(answer))}."] if answer.filed_under else []
    return [*start, f"{SOUNDS} {_joined(sounds(answer))}."]


def traits(answer: Answer) -> tuple[str, ...]:
    """Return at most three traits of the song, strongest first; of a sound alone, what is heard."""
    if answer.by_sound_alone:
        return (*heard_beside_genres(answer)[: MAX_TRAITS - 1], BY_SOUND)
    return plain_traits(answer)[:MAX_TRAITS]


def alt(answer: Answer, tally: Mapping[str, int]) -> str:
    """Return the picture's content in sentences."""
    parts = (
        f"{headline(answer.subject)}.",
        *genre_sentences(answer),
        _sentence("; ".join(traits(answer))),
        vote_tally(tally),
    )
    return " ".join(filter(None, parts))


def _listed(phrases: Sequence[Phrase]) -> tuple[Phrase, ...]:
    """Return phrases with commas between them."""
    comma = Phrase(", ")
    return tuple(part for phrase in phrases for part in (comma, phrase))[1:]


def _sentence(words: str) -> str:
    return f"{capitalise(words)}." if words else ""


def _joined(phrases: Iterable[Phrase]) -> str:
    return "".join(phrase.text for phrase in phrases)
