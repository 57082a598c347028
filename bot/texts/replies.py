"""Replies other than cards: help, vote receipts, error messages."""

from collections.abc import Mapping
from typing import Final

from bot.domain.errors import (
    BadReply,
    CollectionNotFound,
    CollectionUnreadable,
    FeaturesUnknown,
    ModelUnusable,
    NotAudio,
    NotMusic,
    NoTrackLink,
    SoundslikeError,
    SoundUnavailable,
    StorageFailed,
    TrackNotFound,
    Unavailable,
    UnknownCard,
    UnknownGenre,
)
from bot.domain.sanitize import one_line
from bot.domain.text import is_visible
from bot.domain.votes import Forgotten, RecordedVote
from bot.texts import collections, sound
from bot.texts.services import LINKS, SUBJECTS

HINT: Final = (
    f"I listen for {LINKS} and to sound files. "
    "To ask for a song by name, type /genre and “song - artist”."
)
NO_LINK: Final = "I see no link to a song there. Paste one, or type /genre and “song - artist”."
MESSAGE_TOO_LONG: Final = "That message is too long for me; a link is enough."
MAX_SONG_LENGTH: Final = 80
"""Characters of a song's name in a sentence about a failure."""

RECORD: Final = "the record of which answers were yours"
YOUR_DATA: Final = f"your votes and {RECORD}"
"""What a person can have deleted."""

NO_VOTE: Final = "You have no vote on this song."
TRY_AGAIN: Final = "Something went wrong on my side. Please try again."
CHART_MISSING: Final = "The chart could not be drawn this time."


def receipt(recorded: RecordedVote) -> str:
    """Return the confirmation of a vote or a withdrawal: which vote counts now."""
    counted = recorded.ballot.counted
    if counted is None:
        return "Taken back: you have no vote on this song." if recorded.withdrawn else NO_VOTE
    if not recorded.is_new:
        return f"Your vote is {counted} already."
    thanks = " It replaces your reactions." if recorded.replaced_reactions else ""
    return f"Your vote: {counted}.{thanks} Thank you!"


REACTIONS_STAY: Final[Mapping[str, str]] = {
    "discord": (
        "Your reactions count no more; where I may not manage messages, only you can remove them."
    ),
    "slack": "Your reactions count no more; only you can remove them.",
}
"""What happens to a person's reactions after a deletion, by platform."""


def data_deleted(forgotten: Forgotten, platform: str = "") -> str:
    """Return the confirmation that a user's data was deleted on a platform."""
    votes = forgotten.votes
    if not votes:
        return f"Done: you had no votes; {RECORD} is deleted."
    what = "1 vote" if votes == 1 else f"{votes} votes"
    sentences = [f"Done: {what} and {RECORD} are deleted."]
    if forgotten.messages:
        sentences.append("I take them off the cards now.")
    if forgotten.reactions and platform in REACTIONS_STAY:
        sentences.append(REACTIONS_STAY[platform])
    return " ".join(sentences)


def failure(error: SoundslikeError, song: str = "", *, offered: bool = False) -> str:
    """Return a sentence that says what went wrong, with which song, and what to do.

    Args:
        error: What went wrong.
        song: Title, link or words of the song that it is about.
        offered: Whether songs that need no music service are offered with the sentence.
    """
    named = f"“{one_line(song, MAX_SONG_LENGTH)}”" if is_visible(song) else "that track"
    match error:
        case NoTrackLink(link_kind=kind):
            return unsupported_link(kind) if kind else NO_LINK
        case TrackNotFound():
            return f"I can't find {named}. Check the link or the spelling?"
        case CollectionNotFound() | CollectionUnreadable():
            return collections.failure(error)
        case FeaturesUnknown(title=name):
            return _features_unknown(name or "", named)
        case NotAudio() | NotMusic():
            return sound.failure(error, song)
        case SoundUnavailable():
            return sound.cannot_listen(named, _later(error.retry_after))
        case BadReply():
            return f"A music service sent figures that I can't use, so I can't answer {named} now."
        case Unavailable():
            return _unavailable(error, named, offered=offered)
        case StorageFailed():
            return "I can't reach my database right now, so I'd forget your answer. Try again soon."
        case UnknownCard():
            return "I no longer know that card."
        case UnknownGenre():
            return "That is not one of my genres."
        case ModelUnusable():
            return f"My model cannot be used: {error}."
        case _:
            return TRY_AGAIN


def unsupported_link(kind: str) -> str:
    """Return the reply to a link that is not a track link; `kind` as in `links`."""
    if kind == "short":
        return "That short link leads to no track. Open it and paste the track's own link?"
    article = "an" if kind[0] in "aeiou" else "a"
    return f"That is {article} {kind} link; I listen to {SUBJECTS} only."


def _features_unknown(name: str, named: str) -> str:
    if not is_visible(name):
        return f"None of my sources knows how {named} sounds."
    return f"I know “{one_line(name)}”, but none of my sources knows how it sounds."


def _unavailable(error: Unavailable, named: str, *, offered: bool) -> str:
    if offered:
        return f"I can't reach the music services to look up {named}. Try one that I know by heart?"
    when = _later(error.retry_after)
    return (
        f"The music services don't answer right now, so I can't look up {named}."
        f" Please try again {when}."
    )


def _later(seconds: float | None) -> str:
    minute, hour = 60, 3600
    if seconds is None or seconds <= minute:
        return "in a minute"
    if seconds < hour:
        return f"in about {round(seconds / minute)} minutes"
    return "in an hour or more"
