"""In-memory store of the labels of workspaces; the contract tests run against it, too."""

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.own_labels import (
    MAX_EXAMPLES,
    MAX_LABELS,
    Example,
    LabelProblem,
    LabelRefused,
    OwnLabel,
    folded,
)
from bot.domain.places import Place


class FakeOwnLabelStore:
    """Implements OwnLabelStore; `error` is raised by all methods. Counts its readings."""

    def __init__(self) -> None:
        self.labels: dict[tuple[str, str], dict[str, OwnLabel]] = {}
        self.error: Exception | None = None
        self.readings = 0

    async def of(self, place: Place) -> Sequence[OwnLabel]:
        self.readings += 1
        return list(self._of(place).values())

    async def teach(self, place: Place, name: str, example: Example) -> OwnLabel:
        labels, key = self._of(place), folded(name)
        if key not in labels and len(labels) >= MAX_LABELS:
            raise LabelRefused(LabelProblem.TOO_MANY_LABELS, name)
        known = labels.get(key, OwnLabel(name, ()))
        examples = {one.track_key: one for one in known.examples}
        if example.track_key not in examples and len(examples) >= MAX_EXAMPLES:
            raise LabelRefused(LabelProblem.TOO_MANY_SONGS, name)
        examples[example.track_key] = example
        labels[key] = replace(known, examples=tuple(examples.values()))
        return labels[key]

    async def forget_label(self, place: Place, name: str) -> bool:
        return self._of(place).pop(folded(name), None) is not None

    async def forget_song(self, place: Place, name: str, track_key: str) -> bool:
        labels, key = self._of(place), folded(name)
        if key not in labels:
            return False
        before = labels[key].examples
        left = tuple(one for one in before if one.track_key != track_key)
        labels[key] = replace(labels[key], examples=left)
        if not left:
            del labels[key]
        return len(left) < len(before)

    async def clear(self, place: Place) -> int:
        labels = self._of(place)
        count = len(labels)
        labels.clear()
        return count

    def _of(self, place: Place) -> dict[str, OwnLabel]:
        if self.error:
            raise self.error
        return self.labels.setdefault((place.platform, place.workspace), {})
