"""Sentences about the labels that a workspace teaches."""

from collections.abc import Mapping
from itertools import islice
from typing import Final

from bot.domain.cards import Answer
from bot.domain.own_labels import (
    MAX_EXAMPLES,
    MAX_LABELS,
    MAX_NAME_LENGTH,
    Example,
    LabelOverview,
    LabelProblem,
    OwnLabel,
)
from bot.texts.numbers import and_list, percent
from model.few_shot import LEAST_SONGS

HERE: Final = "Here:"
"""Begins the line of a card with the labels of the workspace."""

MAX_PAIRS: Final = 5
"""Pairs of labels too alike that are named."""

NO_LABELS: Final = (
    "No labels yet. Give one a name, such as “late night”, and teach it "
    f"{LEAST_SONGS} songs: then my cards here say how well a song fits."
)
USAGE: Final = "Say `list`, `teach “late night” SONG` or `forget “late night”`, maybe with a song."
NOT_ON_PUBLIC_PAGE: Final = "A page for everyone has no labels of its own."
NOT_ALLOWED: Final = "Only those who manage the workspace can change its labels."

DISCORD: Final = "Labels of this server, which I learn from songs that you name"
LIST: Final = "The labels, and how well I recognise their songs"
TEACH: Final = "Teach a label by a song; five or more are needed"
FORGET: Final = "Delete a label with its songs, or remove one song from it"
LABEL: Final = "Name of the label, such as “late night”"
SONG: Final = "“Title - artist” or a link; if you don't say: the last song that you asked about"
FORGOTTEN_SONG: Final = "The song to remove; if you don't say: the whole label"
TEACH_BY_CARD: Final = "Teach a label"
"""Name of the message command; Discord allows at most 32 characters."""

CARD_LABEL: Final = "Label"
"""Name of the only field of the form; at most 45 characters."""

NO_CARD: Final = "That message is no card of mine."

SLACK_HELP: Final = (
    "Say `/genre labels` with `list`, `teach “late night” SONG` or `forget “late night”`. "
    "Cards in this workspace then say how well a song fits."
)
WEB: Final = "labels of your own: list, teach NAME SONG, forget NAME"

PROBLEMS: Final[Mapping[LabelProblem, str]] = {
    LabelProblem.NO_NAME: "Give the label a name that can be seen.",
    LabelProblem.NAME_TOO_LONG: f"A label's name has at most {MAX_NAME_LENGTH} characters.",
    LabelProblem.NAME_HAS_MARKUP: (
        "A label's name is plain words or emoji, without mentions, links or any of * _ ~ ` | < > "
        "[ ] \\ @ /."
    ),
    LabelProblem.TOO_MANY_LABELS: f"There are {MAX_LABELS} labels already: delete one first.",
    LabelProblem.NO_SONG: "Name a song, or ask about one first: I then take the last one.",
    LabelProblem.NOT_A_SONG: "That is no single song: a label is taught by songs.",
}
"""Problems whose sentences name nothing."""


def fits(answer: Answer) -> str:
    """Return which labels of the workspace a song fits, as in "Here: late night 71 %"."""
    if not answer.own_labels:
        return ""
    return f"{HERE} {', '.join(f'{name} {percent(p)}' for name, p in answer.own_labels.items())}"


def refusal(problem: LabelProblem, about: str) -> str:
    """Return why a label is not changed; `about` is the name of the label or of the song."""
    match problem:
        case LabelProblem.TOO_MANY_SONGS:
            return f"“{about}” has {MAX_EXAMPLES} songs already: remove one first."
        case LabelProblem.UNKNOWN_LABEL:
            return f"There is no label “{about}” here."
        case LabelProblem.UNKNOWN_SONG:
            return f"“{about}” has no such song, or several: give its whole name."
        case LabelProblem.NO_FEATURES:
            return f"I know too little about the sound of {about} to learn from it."
        case LabelProblem.SEVERAL_SONGS:
            return f"Which one do you mean? {about}. Give me a link or the artist, too."
    return PROBLEMS[problem]


def taught(label: OwnLabel, example: Example, overview: LabelOverview) -> str:
    """Return what a label has learned, and what is known of it now."""
    lines = [f"“{label.name}” now has {example.song}.", _line(label, overview)]
    others = [other for pair in overview.alike if label.name in pair for other in pair]
    names = [f"“{other}”" for other in others if other != label.name]
    if names:
        lines.append(f"Too alike for me to tell apart from {and_list(names[:MAX_PAIRS])}.")
    return "\n".join(lines)


def label_deleted(label: OwnLabel) -> str:
    """Return that a label is deleted, with its songs."""
    return f"“{label.name}” is deleted, with its {_songs(len(label.examples))}."


def song_forgotten(label: OwnLabel, example: Example) -> str:
    """Return that a song was removed from a label, and with the last one the label."""
    if len(label.examples) == 1:
        return f"{example.song} was the only song of “{label.name}”, so the label is deleted."
    return f"“{label.name}” no longer has {example.song}."


def overview(labels: LabelOverview) -> str:
    """Return all labels, a line each, and which of them are too alike."""
    if not labels.labels:
        return NO_LABELS
    lines = [_line(label, labels) for label in labels.labels]
    pairs = [f"“{one}” and “{other}”" for one, other in islice(labels.alike, MAX_PAIRS)]
    if pairs:
        hidden = len(labels.alike) - len(pairs)
        more = f"; and {hidden} more" if hidden else ""
        lines.append(f"Too alike for me to tell their songs apart: {'; '.join(pairs)}{more}.")
    return "\n".join(lines)


def _line(label: OwnLabel, labels: LabelOverview) -> str:
    """Return a label with its figures, or what it lacks."""
    count = _songs(len(label.examples))
    figures = (labels.figures or {}).get(label.name)
    if figures is None:
        more = max(1, label.missing)
        return f"{label.name}: {count}, too few: {more} more, and I can say how well songs fit."
    if figures.is_mixed:
        return f"{label.name}: {count}, too mixed: I hear nothing in common, so cards omit it."
    return (
        f"{label.name}: of its {count}, {_are(figures.recognised)} recognised when left out; "
        f"{percent(figures.by_chance)} of other songs fit by chance."
    )


def _songs(count: int) -> str:
    return "1 song" if count == 1 else f"{count} songs"


def _are(count: int) -> str:
    return "1 is" if count == 1 else f"{count or 'none'} are"
