"""Labels that a workspace teaches: their names, their songs, and the rules for both."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from bot.domain.cards import Answer
from bot.domain.errors import UserFacing
from bot.domain.places import Place
from bot.domain.replies import NoticeKind
from bot.domain.sanitize import one_line
from bot.domain.text import is_visible
from model.few_shot import LEAST_SONGS, SHOWN
from model.few_shot_figures import LabelFigures
from model.schema import MINIMUM_CORE, count_core

MAX_LABELS: Final = 20
"""Labels of a workspace."""

MAX_EXAMPLES: Final = 50
"""Songs of a label."""

MAX_NAME_LENGTH: Final = 24
"""Characters of a label's name."""

MAX_SHOWN: Final = 3
"""Labels on a card."""

QUOTES: Final[Mapping[str, str]] = {'"': '"', "“": "”", "„": "“", "«": "»", "'": "'"}
"""Opening to closing quotation marks that may stand around a name."""

MARKUP: Final = frozenset('*_~`|<>[]\\@/"“”„«»')
"""Characters of markup, mentions and addresses in chats, and quotation marks; not in a name."""


class LabelProblem(StrEnum):
    """Reasons for which a label is not changed."""

    NO_NAME = "no_name"
    NAME_TOO_LONG = "name_too_long"
    NAME_HAS_MARKUP = "name_has_markup"
    TOO_MANY_LABELS = "too_many_labels"
    TOO_MANY_SONGS = "too_many_songs"
    UNKNOWN_LABEL = "unknown_label"
    UNKNOWN_SONG = "unknown_song"
    NO_FEATURES = "no_features"
    NO_SONG = "no_song"
    SEVERAL_SONGS = "several_songs"
    NOT_A_SONG = "not_a_song"


class LabelRefused(UserFacing):
    """A label is not changed; `problem` says why, `about` is the label's or the song's name."""

    kind = NoticeKind.USAGE

    def __init__(self, problem: LabelProblem, about: str = "") -> None:
        """Store the reason."""
        super().__init__(f"label not changed: {problem.value}")
        self.problem = problem
        self.about = about


@dataclass(frozen=True, slots=True)
class Example:
    """A song by which a label is taught.

    Attributes:
        track_key: `Track.key`.
        song: Title and artists on one line.
        features: Audio features by name, in their units.
    """

    track_key: str
    song: str
    features: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class OwnLabel:
    """A label of a workspace with its songs, the first taught first; at least one."""

    name: str
    examples: tuple[Example, ...]

    @property
    def missing(self) -> int:
        """How many more songs it needs before it is said to fit any."""
        return max(0, LEAST_SONGS - len(self.examples))


@dataclass(frozen=True, slots=True)
class LabelOverview:
    """The labels of a workspace, and how well those with enough songs are recognised.

    `alike` are pairs of labels whose songs are distinguished no better than by chance.
    """

    labels: tuple[OwnLabel, ...] = ()
    figures: Mapping[str, LabelFigures] | None = None
    alike: tuple[tuple[str, str], ...] = ()


class OwnLabelStore(Protocol):
    """Stores the labels of workspaces; the channel of a place does not matter.

    Names are compared by `folded`. Methods raise StorageFailed.
    """

    async def of(self, place: Place) -> Sequence[OwnLabel]:
        """Return the labels of a workspace, the first named first."""

    async def teach(self, place: Place, name: str, example: Example) -> OwnLabel:
        """Add a song to a label, which is created if there is none; return the label.

        A song that it has already is measured anew. Raises LabelRefused for a label or a song too
        many.
        """

    async def forget_label(self, place: Place, name: str) -> bool:
        """Delete a label with its songs; return whether there was one."""

    async def forget_song(self, place: Place, name: str, track_key: str) -> bool:
        """Remove a song from a label; return whether it had it.

        A label without songs is deleted.
        """

    async def clear(self, place: Place) -> int:
        """Delete all labels of a workspace; return how many."""


def read_name(text: str) -> str:
    """Return a label's name: on one line, without quotation marks around it.

    Emoji are allowed. Raises LabelRefused for an empty or long name, and for one with markup, a
    mention or an address.
    """
    name = unquoted(one_line(unicodedata.normalize("NFC", text), 2 * MAX_NAME_LENGTH))
    if not is_visible(name):
        raise LabelRefused(LabelProblem.NO_NAME)
    if len(name) > MAX_NAME_LENGTH:
        raise LabelRefused(LabelProblem.NAME_TOO_LONG)
    if MARKUP & set(name) or name.startswith(("#", "www.")):
        raise LabelRefused(LabelProblem.NAME_HAS_MARKUP)
    return name


def unquoted(text: str) -> str:
    """Return a text without quotation marks around it."""
    text = text.strip()
    while len(text) > 1 and text[-1] == QUOTES.get(text[0]):
        text = text[1:-1].strip()
    return text


def folded(name: str) -> str:
    """Return what is equal for names that differ in upper and lower case or in width only."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def find_label(labels: Sequence[OwnLabel], name: str) -> OwnLabel | None:
    """Return the label with a name in any case."""
    wanted = folded(unquoted(name))
    return next((label for label in labels if folded(label.name) == wanted), None)


def find_example(label: OwnLabel, text: str) -> Example | None:
    """Return a label's song by its key, its name, or words that occur in no other of its songs."""
    wanted = unquoted(text).casefold()
    for example in label.examples:
        if wanted in {example.track_key.casefold(), example.song.casefold()}:
            return example
    words = wanted.replace(" - ", " ").split()
    found = [one for one in label.examples if all(word in one.song.casefold() for word in words)]
    return found[0] if len(found) == 1 and words else None


def example_of(answer: Answer, song: str) -> Example:
    """Return an answered song as an example; `song` is its title and artists.

    Raises LabelRefused if too few of its features are known, as of a sound file.
    """
    values = answer.features.values
    if count_core(values) < MINIMUM_CORE:
        raise LabelRefused(LabelProblem.NO_FEATURES, song)
    return Example(answer.subject.key, song, dict(values))


def shown(fits: Mapping[str, float]) -> dict[str, float]:
    """Return the labels that a card displays: those that fit best, at most MAX_SHOWN."""
    fitting = [(name, fit) for name, fit in fits.items() if fit >= SHOWN]
    return dict(sorted(fitting, key=lambda one: -one[1])[:MAX_SHOWN])
