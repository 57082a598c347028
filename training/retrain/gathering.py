"""Corrections of a deployment, sorted into those to train on and those held back."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from training.feedback.agreement import agree
from training.feedback.holding_back import is_held_back
from training.feedback.reading import Exclusion, read
from training.feedback.votes import AgreedLabel

DIGITS: Final = 3
"""Decimal places of a weight that count as a change."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """Corrections of songs, as people agree on them.

    Attributes:
        trained: Those to train on, ordered by track.
        held_back: Those to judge by.
        left_out: Number of votes or tracks that are left out, by the reason as a sentence.
        newest_vote: Time of the newest vote that was looked at; None without one.
    """

    trained: tuple[AgreedLabel, ...]
    held_back: tuple[AgreedLabel, ...]
    left_out: tuple[str, ...]
    newest_vote: datetime | None = None

    def digest(self, *further: str) -> str:
        """Return the SHA-256 of the corrections and of further texts that decide the training."""
        content = [
            [
                label.track,
                label.genre,
                round(label.weight, DIGITS),
                sorted(label.features.items()),
            ]
            for label in (*self.trained, *self.held_back)
        ]
        text = json.dumps([sorted(content, key=repr), further])
        return hashlib.sha256(text.encode()).hexdigest()


def gather(
    address: str, exclusion: Exclusion, *, public: bool, genres: Sequence[str], name: str
) -> Gathered:
    """Read the votes in a database and return the corrections that a model can learn.

    Args:
        address: SQLAlchemy URL of the database.
        exclusion: Votes to leave out.
        public: Whether votes of a public page are trained on.
        genres: Genres of the model; corrections to others are left out.
        name: Name of the model, for sentences.

    Raises:
        ChatLabelError: The database cannot be read.
    """
    votes = read(address, exclusion, public=public)
    agreement = agree(votes.votes)
    known = [label for label in agreement.labels if label.genre in genres]
    unknown = Counter(label.genre for label in agreement.labels if label.genre not in genres)
    return Gathered(
        trained=tuple(label for label in known if not is_held_back(label)),
        held_back=tuple(label for label in known if is_held_back(label)),
        left_out=(
            *_sentences("votes", votes.left_out),
            *_sentences("votes", agreement.votes_left_out),
            *_sentences("songs", agreement.left_out),
            *(
                f"{count} corrections stay out: model {name} has no genre {genre}."
                for genre, count in sorted(unknown.items())
            ),
        ),
        newest_vote=votes.newest,
    )


def _sentences(what: str, reasons: Mapping[str, int]) -> Iterator[str]:
    for reason, count in reasons.items():
        if count:
            yield f"{count} {what} stay out: {reason}."
