"""Labels that are held back from training, so that the next model can be compared with the last.

Whether a label is held back depends only on a hash of its lead artist, so that all songs of an
artist are on one side and stay there.
"""

from typing import Final

from training.feedback.votes import AgreedLabel
from training.identity import lead_artist_key
from training.split import share_of

HELD_BACK: Final = 0.2
"""Share of artists whose labels are never trained on."""

SALT: Final = "held-back feedback"
"""Makes the choice independent of the split of the tables."""


def is_held_back(label: AgreedLabel) -> bool:
    """Return whether a label is kept for comparisons; without artists, its track decides."""
    artist = lead_artist_key(label.artists[0]) if label.artists else ""
    return share_of(artist or label.track, SALT) < HELD_BACK
