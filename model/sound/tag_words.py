"""The tags of both networks as words: synonyms put together, and those worth saying chosen."""

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from model.sound.tag_rates import TagProbabilities, probability, tag_rates

WORDS: Final = Path(__file__).with_name("tag_words.toml")

MAX_TAGS: Final = 20
"""Words that are told of a sound."""

MIN_TOLD: Final = 0.05
"""Smallest probability of a word that is told."""

MAX_SAID: Final = 5
"""Words that are worth saying of a sound, vocals apart."""

MIN_SAID: Final = 0.15
"""Smallest probability of a word that is worth saying."""

MIN_LIFT: Final = 1.5
"""Smallest ratio of the probability of a word that is worth saying to its rate."""

MIN_LEAD: Final = 1.5
"""Ratio by which vocals must be more telling than their contrary, to be said."""

MIN_SHARE: Final = 0.5
"""Smallest ratio of the probability of a word to that of a wider one which it replaces."""

VOCALS: Final = "vocals"
"""Kind of the words about vocals."""

NO_VOCALS: Final = "no vocals"


@dataclass(frozen=True, slots=True)
class Words:
    """What is worth saying of a sound.

    Attributes:
        words: At most MAX_SAID words, the most telling first.
        vocals: `female vocals`, `male vocals`, `vocals`, `choir` or `no vocals`; None if it cannot
            be told.
    """

    words: tuple[str, ...]
    vocals: str | None

    @property
    def text(self) -> str:
        """All of it as text, such as `rock, guitar; male vocals`; empty if there is nothing."""
        return "; ".join(filter(None, (", ".join(self.words), self.vocals)))


@dataclass(frozen=True, slots=True)
class Word:
    """A word for tags that mean the same.

    Attributes:
        tags: Network to the tags that it stands for.
        rate: Share of the tracks that have the most common of them.
        kind: Name of a set of words of which at most one is said; its own name without one.
        of: Words that are not said beside it, as it is a kind of them.
        said: Whether it is ever worth saying.
    """

    tags: Mapping[str, Sequence[str]]
    rate: float
    kind: str
    of: frozenset[str]
    said: bool

    def probability(self, tags: TagProbabilities) -> float:
        """Return the highest probability of the tags that it stands for."""
        return max(
            probability(tags, network, tag) for network, own in self.tags.items() for tag in own
        )

    def telling(self, of_word: float) -> float:
        """Return how telling a probability of the word is: p log(p / rate), 0 if not worth saying.

        It is the word's term of the Kullback-Leibler divergence from the rates.
        """
        if not (self.said and of_word >= max(MIN_SAID, MIN_LIFT * self.rate)):
            return 0.0
        return of_word * math.log(of_word / self.rate)


@cache
def tag_words() -> Mapping[str, Word]:
    """Return all words."""
    content = tomllib.loads(WORDS.read_text(encoding="utf-8"))
    return {name: _word(name, fields) for name, fields in content.items()}


def merged(tags: TagProbabilities) -> dict[str, float]:
    """Return the probability of each word that is told, in descending order; at most MAX_TAGS."""
    found = {name: word.probability(tags) for name, word in tag_words().items()}
    told = sorted((name for name in found if found[name] >= MIN_TOLD), key=lambda one: -found[one])
    return {name: found[name] for name in told[:MAX_TAGS]}


def worth_saying(tags: Mapping[str, float]) -> Words:
    """Return what is worth saying of a sound, given the words that `merged` returned for it.

    Those are words that are much more probable than they are common, none of which means the same
    as another or contradicts it. Unknown words are left out.
    """
    known = {name: word for name, word in tag_words().items() if name in tags}
    telling = {name: word.telling(tags[name]) for name, word in known.items()}
    telling = {name: value for name, value in telling.items() if value > 0}
    descending = sorted(telling, key=lambda name: -telling[name])
    hidden = {
        _hidden(name, wide, tags)
        for name in descending
        for wide in known[name].of
        if wide in telling
    }
    words: dict[str, str] = {}
    for name in descending:
        if name not in hidden and known[name].kind != VOCALS:
            words.setdefault(known[name].kind, name)
    vocals = {name: telling[name] for name in descending if known[name].kind == VOCALS}
    return Words(tuple(words.values())[:MAX_SAID], _vocals(vocals))


def _hidden(name: str, wide: str, tags: Mapping[str, float]) -> str:
    """Return which of a word and a wider one is not said: the wider, unless it is far likelier."""
    return wide if tags[name] >= MIN_SHARE * tags[wide] else name


def _vocals(telling: Mapping[str, float]) -> str | None:
    """Return the most telling of words about vocals; None without, or if they contradict."""
    if not telling:
        return None
    best = next(iter(telling))
    contrary = [
        value for name, value in telling.items() if (name == NO_VOCALS) != (best == NO_VOCALS)
    ]
    return best if telling[best] >= MIN_LEAD * max(contrary, default=0.0) else None


def _word(name: str, fields: Mapping[str, Any]) -> Word:
    """Return the word with the fields of its entry in the file."""
    values = dict(fields)
    kind, of, said = values.pop("kind", name), values.pop("of", ()), values.pop("said", True)
    rates = tag_rates()
    rate = max(rates[network][tag] for network, own in values.items() for tag in own)
    return Word(values, rate, kind, frozenset(of), said)
