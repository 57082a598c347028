"""What can go wrong in the bot, and what it is called outside.

SoundslikeError
├── UserFacing            the question has no answer; its sentence is in `texts`
│   ├── NoTrackLink       nothing in the text names a track
│   ├── TrackNotFound     no catalog knows the track
│   ├── FeaturesUnknown   the track is known, but too few of its audio features are
│   ├── UnknownCard       the vote is for a card that was never given
│   └── UnknownGenre      the vote names no genre of ours
├── Unavailable           somebody else's service cannot be used now: try later
│   ├── Forbidden         it will not let us in: trying again is no use in this process
│   └── BadReply          it answered with what makes no sense
├── StorageFailed         the database cannot be opened, read or written
├── ModelUnusable         no model, or one that may not be served
└── StartupError          the bot cannot start; `exit_code` says why
    ├── ConfigurationError   a setting is wrong or missing (78)
    └── PortInUse            something else listens there (69)

An adapter converts its vendor's errors into these and lets no other out. Each platform turns one
into a sentence in one place:

    try:
        card = await classify.answer(...)
    except SoundslikeError as error:
        reply = texts.failure(error)
"""

import traceback
from typing import ClassVar

EX_UNAVAILABLE = 69
EX_CONFIG = 78
"""Exit codes as in sysexits.h."""


class SoundslikeError(Exception):
    """Base of everything the bot raises on purpose; `code` is its name in JSON."""

    code: ClassVar[str] = "unavailable"


class UserFacing(SoundslikeError):
    """The question has no answer, and the person who asked is told so."""


class NoTrackLink(UserFacing):
    """Nothing in the text names a track; `kind` is set when it is another kind of Spotify link."""

    code = "no_track_link"

    def __init__(self, kind: str | None = None) -> None:
        """Keep the kind of link that was found instead, such as `album`."""
        super().__init__(f"no track link; found: {kind or 'nothing'}")
        self.kind = kind


class TrackNotFound(UserFacing):
    """No catalog knows the track."""

    code = "track_not_found"


class FeaturesUnknown(UserFacing):
    """The track exists, but too few of its audio features are known; `title` names it if known."""

    code = "features_unknown"

    def __init__(self, title: str | None = None) -> None:
        """Keep the title for the sentence."""
        super().__init__(f"features unknown: {title}")
        self.title = title


class UnknownCard(UserFacing):
    """The vote is for a card that was never given."""

    code = "unknown_card"


class UnknownGenre(UserFacing):
    """The vote names no genre of ours."""

    code = "unknown_genre"


class Unavailable(SoundslikeError):
    """The service cannot be used now; `retry_after` is in seconds, if it said so."""

    code = "unavailable"

    def __init__(self, service: str, why: str, retry_after: float | None = None) -> None:
        """Keep who, why and for how long."""
        super().__init__(f"{service}: {why}")
        self.service = service
        self.why = why
        self.retry_after = retry_after


class Forbidden(Unavailable):
    """The service will not let us in."""


class BadReply(Unavailable):
    """The service answered with what makes no sense."""


class StorageFailed(SoundslikeError):
    """The database cannot be opened, read or written."""


class ModelUnusable(SoundslikeError):
    """There is no such model, or its bundle may not be served."""

    code = "model_error"


class StartupError(SoundslikeError):
    """The bot cannot start."""

    exit_code: ClassVar[int] = EX_UNAVAILABLE


class ConfigurationError(StartupError):
    """A setting is wrong or missing."""

    exit_code = EX_CONFIG


class PortInUse(StartupError):
    """The local chat's port is taken."""


def trace(error: BaseException) -> str:
    """Return an error's type and its places in the code; not its words, which may quote people."""
    return f"{type(error).__name__}\n{''.join(traceback.format_tb(error.__traceback__))}"
