"""Errors of the bot, and the names they have outside it.

SoundslikeError
├── UserFacing                the request has no answer; the sentence for it is in `texts`
│   ├── NoTrackLink           the text contains no link to a track
│   ├── TrackNotFound         no source knows the track
│   ├── CollectionNotFound    no source knows the album, playlist or artist
│   ├── CollectionUnreadable  no source can read it
│   ├── FeaturesUnknown       the track is known, but too few of its audio features are
│   ├── NotAudio              the file cannot be listened to
│   ├── NotMusic              the file is sound, but no music
│   ├── UnknownCard           the vote refers to a card that does not exist
│   ├── UnknownGenre          the vote names an unknown genre
│   └── LabelRefused          a label of a workspace is not changed; see `own_labels`
├── Unavailable               an outside service cannot be used now
│   ├── Forbidden             it refuses access; retrying in this process is useless
│   ├── BadReply              its reply is malformed
│   └── SoundUnavailable      a sound cannot be fetched or heard now
├── StorageFailed             the database cannot be opened, read or written
├── NotAccepting              the bot is stopping; the delivery is left to the next process
├── ModelUnusable             the model does not exist or cannot be served
└── StartupError              the bot cannot start; `exit_code` gives the reason
    ├── ConfigurationError    a setting is wrong or missing (78)
    └── PortInUse             another program listens on the port (69)

Adapters convert their vendor's errors into these. Services turn them into notices:

    try:
        card = await classify.answer(...)
    except SoundslikeError as error:
        reply = failure_notice(error, about)
"""

import traceback
from collections.abc import Mapping
from typing import ClassVar

from bot.domain.replies import NoticeKind
from bot.domain.tracks import SubjectRef
from model.sound.errors import Problem
from model.sound.heard import NoMusic

EX_UNAVAILABLE = 69
EX_CONFIG = 78
"""Exit codes as in sysexits.h."""


class SoundslikeError(Exception):
    """Base of all errors that the bot raises on purpose; `kind` is its name in notices and JSON.

    `song` is the title of the track that it is about, if it is known.
    """

    kind: ClassVar[NoticeKind] = NoticeKind.UNAVAILABLE
    song: str = ""


class UserFacing(SoundslikeError):
    """The request has no answer; the reason is shown to the person who made it."""


class NoTrackLink(UserFacing):
    """The text contains no link to a track."""

    kind = NoticeKind.NO_TRACK_LINK

    def __init__(self, link_kind: str | None = None) -> None:
        """Store the kind of link that was found instead, such as `album`."""
        super().__init__(f"no track link; found: {link_kind or 'nothing'}")
        self.link_kind = link_kind


class TrackNotFound(UserFacing):
    """No source knows the track."""

    kind = NoticeKind.TRACK_NOT_FOUND


class CollectionNotFound(UserFacing):
    """No source knows the album, playlist or artist."""

    kind = NoticeKind.COLLECTION_NOT_FOUND

    def __init__(self, ref: SubjectRef) -> None:
        """Store what was asked for."""
        super().__init__(f"collection not found: {ref}")
        self.ref = ref


class CollectionUnreadable(UserFacing):
    """No source can read the album, playlist or artist, which may well exist.

    `title` is its title, if it is known and fits none or several collections of another service.
    """

    kind = NoticeKind.COLLECTION_UNREADABLE

    def __init__(self, ref: SubjectRef, title: str | None = None) -> None:
        """Store what was asked for, and its title if that alone is known."""
        super().__init__(f"collection cannot be read: {ref}")
        self.ref = ref
        self.title = title


class FeaturesUnknown(UserFacing):
    """The track exists, but too few of its audio features are known."""

    kind = NoticeKind.FEATURES_UNKNOWN

    def __init__(self, title: str | None = None) -> None:
        """Store the title, if known, for the sentence."""
        super().__init__(f"features unknown: {title}")
        self.title = title


class NotAudio(UserFacing):
    """The file cannot be listened to.

    `problem` says why, `format` is its format, if known. `limit` is how many bytes it may have at
    most, if it is too big for a limit other than that of files that are sent to the bot.
    """

    kind = NoticeKind.NOT_AUDIO

    def __init__(self, problem: Problem, format_: str = "", limit: int | None = None) -> None:
        """Store the reason."""
        super().__init__(f"not audio: {problem.value} {format_}".rstrip())
        self.problem = problem
        self.format = format_
        self.limit = limit


class NotMusic(UserFacing):
    """The file is sound, but no music; `instead` says what it is."""

    kind = NoticeKind.NOT_MUSIC

    def __init__(self, instead: NoMusic) -> None:
        """Store what it is."""
        super().__init__(f"not music: {instead.value}")
        self.instead = instead


class UnknownCard(UserFacing):
    """The vote refers to a card that does not exist."""

    kind = NoticeKind.UNKNOWN_CARD


class UnknownGenre(UserFacing):
    """The vote names an unknown genre."""

    kind = NoticeKind.UNKNOWN_GENRE


class Unavailable(SoundslikeError):
    """An outside service cannot be used now."""

    def __init__(self, service: str, reason: str, retry_after: float | None = None) -> None:
        """Store the service's name, the reason, and the seconds to wait if it named them."""
        super().__init__(f"{service}: {reason}")
        self.service = service
        self.reason = reason
        self.retry_after = retry_after


class Forbidden(Unavailable):
    """The service refuses access."""


class BadReply(Unavailable):
    """The service's reply is malformed."""


class SoundUnavailable(Unavailable):
    """A sound cannot be fetched from where it is, or not be heard now."""


class StorageFailed(SoundslikeError):
    """The database cannot be opened, read or written."""


class NotAccepting(SoundslikeError):
    """The bot is stopping, and leaves the delivery to the next process."""


class ModelUnusable(SoundslikeError):
    """The model does not exist or cannot be served."""

    kind = NoticeKind.MODEL_ERROR


class StartupError(SoundslikeError):
    """The bot cannot start."""

    exit_code: ClassVar[int] = EX_UNAVAILABLE


class ConfigurationError(StartupError):
    """A setting is wrong or missing.

    `problems` maps each variable that is wrong to its sentence, if single variables are.
    """

    exit_code = EX_CONFIG

    def __init__(self, text: str, problems: Mapping[str, str] | None = None) -> None:
        """Store the sentence, and the variables that it is about."""
        super().__init__(text)
        self.problems = problems or {}


class PortInUse(StartupError):
    """The web platform's port is taken."""


def stack_of(error: BaseException) -> str:
    """Return an error's type and stack without its message, which may quote a person's text."""
    return f"{type(error).__name__}\n{''.join(traceback.format_tb(error.__traceback__))}"
