"""Sentences about the labels that a workspace teaches."""

from collections.abc import Mapping
from itertools import islice
from typing import Final

from bot.domain.cards import Answer
from bot.domain.errors import NoTrackLink, SoundslikeError, StorageFailed
from bot.domain.own_labels import (
    MARKUP,
    MAX_EXAMPLES,
    MAX_LABELS,
    MAX_NAME_LENGTH,
    QUOTATION_MARKS,
    Example,
    LabelOverview,
    LabelProblem,
    OwnLabel,
)
from bot.texts.numbers import and_list, percent
from model.few_shot import LEAST_SONGS

WHOSE: Final[Mapping[str, str]] = {
    "discord": "This server's labels",
    "slack": "This workspace's labels",
    "web": "Your labels",
}
"""Begins the line of a card with the labels of the workspace, by platform."""

LABELS_HERE: Final = "Labels here"
"""The same on no platform."""

COMMANDS: Final[Mapping[str, str]] = {
    "discord": "/genre-labels",
    "slack": "/genre labels",
    "web": "/labels",
}
"""Command about labels, by platform."""

TEACHING: Final[Mapping[str, str]] = {
    "discord": "/genre-labels teach label:late night song:SONG",
    "slack": '/genre labels teach "late night" SONG',
    "web": '/labels teach "late night" SONG',
}
"""Example of a command that teaches a label, by platform."""

EXPLAINED: Final = (
    "Labels are named and taught here; the percentage of each says how sure I am that the song "
    "fits it, and they need not add up to 100 %."
)
"""Explains the line of a card with labels, in its details."""

MAX_PAIRS: Final = 5
"""Pairs of labels too alike that are named."""

NOT_ON_PUBLIC_PAGE: Final = "A page for everyone has no labels of its own."
DATABASE_AWAY: Final = (
    "I can't reach my database right now, so I can neither read nor change labels. Try again soon."
)
NO_LINK: Final = "I see no song there: give me its name, or a link to it."

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

WEB: Final = 'labels of your own: list, teach "NAME" SONG, forget "NAME"'
SONG_NAMED_LABELS: Final = "To ask for a song called “Labels”, put its artist first."

PROBLEMS: Final[Mapping[LabelProblem, str]] = {
    LabelProblem.NO_NAME: "Give the label a name that can be seen.",
    LabelProblem.NAME_TOO_LONG: f"A label's name has at most {MAX_NAME_LENGTH} characters.",
    LabelProblem.TOO_MANY_LABELS: f"There are {MAX_LABELS} labels already: delete one first.",
    LabelProblem.NO_SONG: "Name a song, or ask about one first: I then take the last one.",
    LabelProblem.NOT_A_SONG: "That is no single song: a label is taught by songs.",
}
"""Problems whose sentences name nothing."""


def fits(answer: Answer, platform: str = "") -> str:
    """Return which labels a song fits, as in "This server's labels: late night 71 %"."""
    if not answer.own_labels:
        return ""
    found = ", ".join(f"{name} {percent(p)}" for name, p in answer.own_labels.items())
    return f"{WHOSE.get(platform, LABELS_HERE)}: {found}"


def usage(platform: str) -> str:
    """Return the commands about labels, a line each."""
    command = COMMANDS.get(platform, "")
    lines = [
        f"{command} list: the labels, and how well I recognise their songs.",
        f"{TEACHING.get(platform, '')}: teaches a label; without a song, your last one.",
        f'{command} forget "late night": deletes it; with a song, removes that song only.',
    ]
    return "\n".join([*lines, SONG_NAMED_LABELS] if platform == "slack" else lines)


def no_labels(platform: str) -> str:
    """Return that there are no labels, and how to begin."""
    return (
        f"No labels yet. Name one and teach it {LEAST_SONGS} songs: my cards here then say how "
        f"well a song fits. Begin with: {TEACHING.get(platform, '')}"
    )


def not_allowed(platform: str) -> str:
    """Return that a person may not change labels, and how they can see them."""
    place = "server" if platform == "discord" else "workspace"
    return (
        f"Only those who manage the {place} can change its labels. "
        f"{COMMANDS.get(platform, '')} list shows them."
    )


def failure(error: SoundslikeError) -> str:
    """Return what an error prevents; empty if it is the same as for a question about a song."""
    match error:
        case StorageFailed():
            return DATABASE_AWAY
        case NoTrackLink(link_kind=None):
            return NO_LINK
    return ""


def refusal(problem: LabelProblem, about: str, platform: str = "") -> str:
    """Return why a label is not changed; arguments as of LabelRefused."""
    match problem:
        case LabelProblem.NAME_HAS_MARKUP:
            return _markup(about)
        case LabelProblem.NAME_IS_GENRE:
            return f"“{about}” is one of my genres: give the label another name."
        case LabelProblem.CUSTOM_EMOJI:
            return f"I can't show {about} in a label: take words, or an emoji that everyone has."
        case LabelProblem.NAME_UNCLEAR:
            example = TEACHING.get(platform, "").replace("SONG", "heroes")
            return f"Put the name of a new label between quotation marks: {example}."
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
    return "\n".join([f"“{label.name}” now has {example.song}.", *_known_of(label, overview)])


def _known_of(label: OwnLabel, overview: LabelOverview) -> list[str]:
    """Return a label's line, and another one if it is too alike to others."""
    lines = [_line(label, overview)]
    others = [other for pair in overview.alike if label.name in pair for other in pair]
    names = [f"“{other}”" for other in others if other != label.name]
    if names:
        alike = and_list(names[:MAX_PAIRS])
        lines.append(f"Too alike for me to tell apart from {alike}, so I mix them up.")
    return lines


def label_deleted(label: OwnLabel) -> str:
    """Return that a label is deleted, with its songs."""
    return f"“{label.name}” is deleted, with its {_songs(len(label.examples))}."


def song_forgotten(
    label: OwnLabel, example: Example, left: OwnLabel | None, overview: LabelOverview
) -> str:
    """Return that a song was removed from a label, and what is known of the label now.

    `left` is the label as it is now; None if it was deleted with its last song.
    """
    if left is None:
        return f"{example.song} was the only song of “{label.name}”, so the label is deleted."
    return "\n".join([f"“{label.name}” no longer has {example.song}.", *_known_of(left, overview)])


def overview(labels: LabelOverview, platform: str) -> str:
    """Return all labels, a line each, and which of them are too alike."""
    if not labels.labels:
        return no_labels(platform)
    lines = [_line(label, labels) for label in labels.labels]
    pairs = [f"“{one}” and “{other}”" for one, other in islice(labels.alike, MAX_PAIRS)]
    if pairs:
        hidden = len(labels.alike) - len(pairs)
        more = f"; and {hidden} more" if hidden else ""
        lines.append(
            "Too alike for me to tell their songs apart, so I mix them up: "
            f"{'; '.join(pairs)}{more}."
        )
    return "\n".join(lines)


def _line(label: OwnLabel, labels: LabelOverview) -> str:
    """Return a label with its figures, or what it lacks."""
    count = _songs(len(label.examples))
    figures = (labels.figures or {}).get(label.name)
    if figures is None:
        more = max(1, label.missing)
        return f"{label.name}: {count}, too few: cards can show it after {more} more."
    if figures.is_mixed:
        return f"{label.name}: {count}, too mixed: I hear nothing in common, so cards omit it."
    if not figures.is_shown:
        return f"{label.name}: in a test I recognise none of its {count}, so cards omit it."
    others = round(figures.by_chance * 100)
    taken = f"about {others} of 100 other songs" if others else "hardly any other song"
    return (
        f"{label.name}: in a test I recognise {figures.recognised} of its {count}, and take "
        f"{taken} for it."
    )


def _markup(about: str) -> str:
    """Return that a name has what no name may have, and what that is."""
    if about in QUOTATION_MARKS:
        about, where = "A quotation mark", "within"
    else:
        about, where = f"“{about}”", "at the start of" if about in {"#", "www."} else "in"
    others = " ".join(sorted(MARKUP - QUOTATION_MARKS))
    return (
        f"{about} can't be {where} a label's name, which is plain words or emoji: no quotation "
        f"marks, no # at its start, no links or mentions, none of {others} in it."
    )


def _songs(count: int) -> str:
    return "1 song" if count == 1 else f"{count} songs"
