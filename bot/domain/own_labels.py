"""Labels that a workspace teaches: their names, their songs, and the rules for both."""

import re
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
from model.genres import WIDE
from model.schema import MINIMUM_CORE, count_core

MAX_LABELS: Final = 20
"""Labels of a workspace."""

MAX_EXAMPLES: Final = 50
"""Songs of a label."""

MAX_NAME_LENGTH: Final = 24
"""Characters of a label's name."""

MAX_SHOWN: Final = 3
"""Labels on a card."""

QUOTES: Final[Mapping[str, str]] = {
    '"': '"”“',
    "“": '”"',
    "„": '“”"',
    "”": '”"',
    "«": "»",
    "»": "«",
    "'": "'\N{RIGHT SINGLE QUOTATION MARK}",
    "\N{LEFT SINGLE QUOTATION MARK}": "\N{RIGHT SINGLE QUOTATION MARK}'",
    "\N{SINGLE LOW-9 QUOTATION MARK}": (
        "\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}'"
    ),
    "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}": (
        "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}"
    ),
    "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}": (
        "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}"
    ),
    "「": "」",
}
"""Opening quotation marks that may stand around a name, to those that may close them.

Keyboards turn straight ones into curly ones, perhaps one of a pair only.
"""

APOSTROPHES: Final = (
    "'\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}\N{SINGLE LOW-9 QUOTATION MARK}"
)
"""Quotation marks that may also be a part of a word."""

QUOTATION_MARKS: Final = frozenset("".join(QUOTES) + "".join(QUOTES.values())) - set(APOSTROPHES)

MARKUP: Final = QUOTATION_MARKS | set("*_~`|<>[]\\@/")
"""Quotation marks, and characters of markup, mentions and addresses in chats; not in a name."""

_NAMED_EMOJI: Final = re.compile(r"<a?(:\w+:)\d+>|(?<!\w)(:[\w+'-]+:)(?!\w)")
"""An emoji as chats write those that they alone have."""


class LabelProblem(StrEnum):
    """Reasons for which a label is not changed."""

    NO_NAME = "no_name"
    NAME_TOO_LONG = "name_too_long"
    NAME_HAS_MARKUP = "name_has_markup"
    NAME_IS_GENRE = "name_is_genre"
    NAME_UNCLEAR = "name_unclear"
    CUSTOM_EMOJI = "custom_emoji"
    TOO_MANY_LABELS = "too_many_labels"
    TOO_MANY_SONGS = "too_many_songs"
    UNKNOWN_LABEL = "unknown_label"
    UNKNOWN_SONG = "unknown_song"
    NO_FEATURES = "no_features"
    NO_SONG = "no_song"
    SEVERAL_SONGS = "several_songs"
    NOT_A_SONG = "not_a_song"


class LabelRefused(UserFacing):
    """A label is not changed; `problem` says why.

    `about` is the label's or the song's name, or the part of a name that it cannot have.
    """

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

    Emoji are allowed, except for those that a chat alone has. Raises LabelRefused for them, for an
    empty or long name, the name of a genre, and one with markup, a mention or an address.
    """
    name = unquoted(one_line(unicodedata.normalize("NFC", text), 2 * MAX_NAME_LENGTH))
    if not is_visible(name):
        raise LabelRefused(LabelProblem.NO_NAME)
    if emoji := _NAMED_EMOJI.search(name):
        raise LabelRefused(LabelProblem.CUSTOM_EMOJI, emoji[1] or emoji[2])
    if len(name) > MAX_NAME_LENGTH:
        raise LabelRefused(LabelProblem.NAME_TOO_LONG)
    if name.startswith(("#", "www.")):
        raise LabelRefused(LabelProblem.NAME_HAS_MARKUP, "#" if name[0] == "#" else "www.")
    if markup := next((character for character in name if character in MARKUP), ""):
        raise LabelRefused(LabelProblem.NAME_HAS_MARKUP, markup)
    if _without_hyphens(name) in map(_without_hyphens, WIDE):
        raise LabelRefused(LabelProblem.NAME_IS_GENRE, name)
    return name


def ends_with_emoji_name(text: str) -> bool:
    """Return whether a text ends with the name of an emoji in colons, as in "gym :muscle:"."""
    return any(found.end() == len(text) for found in _NAMED_EMOJI.finditer(text))


def unquoted(text: str) -> str:
    """Return a text without quotation marks around it."""
    text = text.strip()
    while len(text) > 1 and text[-1] in QUOTES.get(text[0], ""):
        text = text[1:-1].strip()
    return text


def folded(name: str) -> str:
    """Return what is equal for names that differ in upper and lower case or in width only."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def _without_hyphens(name: str) -> str:
    return folded(name).replace(" ", "").replace("-", "")


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
