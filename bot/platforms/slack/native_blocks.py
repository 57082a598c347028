"""Blocks that not every workspace has: charts and thumbs.

A workspace without one of them answers a message with `invalid_blocks`. The message is sent again
without it, and so are others for a day.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from slack_sdk.errors import SlackApiError

from bot.domain.cards import Answer, displayed_genres
from bot.domain.ports import Now
from bot.platforms.slack.present import Block, label
from bot.texts import slack as words

REMEMBERED: Final = timedelta(days=1)
"""Time for which a block that a workspace refused is not tried again there."""

MAX_CHART_TITLE: Final = 50
MAX_CHART_LABEL: Final = 20
"""Characters of a chart's title and of a category or series."""

_BLAMED: Final = re.compile(r"json-pointer:/blocks/(\d+)")
"""Where Slack names the block that it refuses, in a list of sentences about errors."""


class Feature(StrEnum):
    """A block that not every workspace has; the value is its type."""

    CHART = "data_visualization"
    """https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block"""
    THUMBS = "context_actions"
    """https://docs.slack.dev/reference/block-kit/blocks/context-actions-block"""


ALL: Final = frozenset(Feature)


class NativeBlocks:
    """Remembers for a while which workspaces refused which blocks."""

    def __init__(self, now: Now) -> None:
        self._now = now
        self._refused: dict[tuple[str, Feature], datetime] = {}

    def of(self, workspace: str) -> frozenset[Feature]:
        """Return the blocks that may be tried in a workspace."""
        since = self._now() - REMEMBERED
        return frozenset(
            one for one in Feature if self._refused.get((workspace, one), since) <= since
        )

    def on_refused(self, workspace: str, features: frozenset[Feature]) -> None:
        """Remember that a workspace refused blocks."""
        for one in features:
            self._refused[workspace, one] = self._now()


def blamed(error: BaseException, blocks: Sequence[Block]) -> frozenset[Feature]:
    """Return which of a refused message's native blocks Slack blames; all if it names none."""
    used = frozenset(Feature(one["type"]) for one in blocks if one["type"] in list(Feature))
    numbers = {int(number) for text in _reasons(error) for number in _BLAMED.findall(text)}
    if not numbers:
        return used
    types = {blocks[number]["type"] for number in numbers if number < len(blocks)}
    return frozenset(one for one in used if one in types)


def chart(answer: Answer) -> Block:
    """Return a bar chart of an answer's genres, in percent; those it is filed under are marked."""
    filed = answer.filed_under.genres if answer.filed_under else ()
    points = [
        (_category(genre, is_filed=genre in filed), round(100 * share, 1))
        for genre, share in displayed_genres(answer).items()
    ]
    return {
        "type": Feature.CHART.value,
        "title": words.CHART_TITLE[:MAX_CHART_TITLE],
        "chart": {
            "type": "bar",
            "series": [
                {
                    "name": words.CHART_SERIES[:MAX_CHART_LABEL],
                    "data": [{"label": name, "value": value} for name, value in points],
                }
            ],
            "axis_config": {"categories": [name for name, _ in points]},
        },
    }


def thumbs(block_id: str, action: str, up: tuple[str, str], down: tuple[str, str]) -> Block:
    """Return a row with a thumb up and a thumb down, each with its label and its value."""
    element = {
        "type": "feedback_buttons",
        "action_id": action,
        "positive_button": _thumb(*up),
        "negative_button": _thumb(*down),
    }
    return {"type": Feature.THUMBS.value, "block_id": block_id, "elements": [element]}


def _thumb(text: str, value: str) -> Block:
    return {"text": label(text), "accessibility_label": label(text)["text"], "value": value}


def _category(genre: str, *, is_filed: bool) -> str:
    return (words.filed_category(genre) if is_filed else genre)[:MAX_CHART_LABEL]


def _reasons(error: BaseException) -> Sequence[str]:
    """Return Slack's sentences about what it refuses."""
    reply = error.response.data if isinstance(error, SlackApiError) else None
    if not isinstance(reply, Mapping):
        return ()
    metadata: Any = reply.get("response_metadata")
    found = [reply.get("errors"), metadata.get("messages") if isinstance(metadata, dict) else None]
    return [str(text) for texts in found if isinstance(texts, list) for text in texts]
