"""Placeholder until the guard is there: only digital silence is no music."""

from collections.abc import Sequence

from model.sound.decoded import Samples
from model.sound.heard import NoMusic
from model.sound.tag_rates import TagProbabilities


def no_music(excerpts: Sequence[Samples], rate: int, tags: TagProbabilities) -> NoMusic | None:
    """Return what a sound is instead of music; None for music."""
    del rate, tags
    return None if any(excerpt.any() for excerpt in excerpts) else NoMusic.SILENCE
