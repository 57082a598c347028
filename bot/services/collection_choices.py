"""The songs of a summary that a person may choose for their own cards."""

from bot.domain.collections import CollectionSummary, CollectionTrack
from bot.domain.replies import Choice
from bot.domain.sanitize import MAX_NAME_LENGTH
from bot.texts import collections


def song_choices(
    answer: CollectionSummary, limit: int, max_label: int = MAX_NAME_LENGTH
) -> tuple[Choice, ...]:
    """Return the songs that can be asked for, in the collection's order.

    If there are more than `limit`, the most typical and the oddest one are among them. Labels have
    at most `max_label` characters.
    """
    known = [(one, ref) for one in answer.tracks if (ref := one.track.ref)]
    preferred = (answer.most_typical, answer.oddest)
    chosen = sorted(known, key=lambda pair: pair[0] not in preferred)[:limit]
    in_order = sorted(chosen, key=_place)
    return tuple(Choice(collections.pick_label(one, max_label), ref) for one, ref in in_order)


def _place(pair: tuple[CollectionTrack, object]) -> int:
    return pair[0].number
