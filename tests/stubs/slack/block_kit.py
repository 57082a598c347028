"""Rules of Block Kit, by Slack's documentation of blocks, elements and text objects."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, Final

from tests.stubs.slack.objects import Json

MAX_BLOCKS: Final = 50
MAX_HOME_BLOCKS: Final = 100
MAX_ID_LENGTH: Final = 255
MAX_CHARTS: Final = 2
"""Charts in a message; by github.com/vercel/chat/pull/696, not in Slack's documentation."""

NATIVE: Final = frozenset({"data_visualization", "context_actions"})
"""Types of blocks that not every workspace has."""

MENTION: Final = re.compile(r"<[@!#][^>]*>")


def find_error(blocks: Any, max_blocks: int = MAX_BLOCKS) -> str | None:
    """Return the first rule that blocks violate; None if they are valid."""
    if not isinstance(blocks, list):
        return "blocks are not a list"
    if len(blocks) > max_blocks:
        return f"{len(blocks)} blocks"
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    if len(ids) != len(set(ids)):
        return "two blocks have one block_id"
    if sum(block.get("type") == "data_visualization" for block in blocks) > MAX_CHARTS:
        return "more than two charts"
    return next((error for block in blocks for error in _block(block)), None)


def refused(blocks: list[Json], lacking: Collection[str]) -> list[str]:
    """Return Slack's sentences about the blocks of which a workspace lacks the type."""
    return [
        f"unsupported type: {block['type']} [json-pointer:/blocks/{number}/type]"
        for number, block in enumerate(blocks)
        if block["type"] in lacking
    ]


def texts(value: Any, kind: str) -> Iterator[str]:
    """Yield every text of a type, `plain_text` or `mrkdwn`, at any depth."""
    if isinstance(value, list):
        for item in value:
            yield from texts(item, kind)
    elif isinstance(value, dict):
        if value.get("type") == kind:
            yield value["text"]
        for item in value.values():
            yield from texts(item, kind)


def elements(value: Any, kind: str) -> Iterator[Json]:
    """Yield every block or element of a type, at any depth."""
    if isinstance(value, list):
        for item in value:
            yield from elements(item, kind)
    elif isinstance(value, dict):
        if value.get("type") == kind:
            yield value
        for item in value.values():
            yield from elements(item, kind)


def _block(block: Json) -> Iterator[str]:
    kind = block.get("type")
    rule = BLOCKS.get(str(kind))
    if rule is None:
        yield f"a block of type {kind}"
        return
    yield from _id(block, "block_id")
    yield from rule(block)


def _header(block: Json) -> Iterator[str]:
    yield from _keys(block, {"text"})
    yield from _text(block.get("text"), 150, plain=True)


def _section(block: Json) -> Iterator[str]:
    yield from _keys(block, {"text", "fields", "accessory", "expand"})
    if "text" not in block and "fields" not in block:
        yield "a section without text"
    if "text" in block:
        yield from _text(block["text"], 3000)
    fields = block.get("fields", [])
    if len(fields) > 10:
        yield f"{len(fields)} fields"
    for text in fields:
        yield from _text(text, 2000)
    if "accessory" in block:
        yield from _element(block["accessory"])


def _context(block: Json) -> Iterator[str]:
    yield from _keys(block, {"elements"})
    if not 1 <= len(block.get("elements", [])) <= 10:
        yield f"a context of {len(block.get('elements', []))} elements"
    for element in block.get("elements", []):
        if element.get("type") == "image":
            yield from _image(element)
        else:
            yield from _text(element, 3000)


def _actions(block: Json) -> Iterator[str]:
    yield from _keys(block, {"elements"})
    if not 1 <= len(block.get("elements", [])) <= 25:
        yield f"actions of {len(block.get('elements', []))} elements"
    ids = [element.get("action_id") for element in block.get("elements", [])]
    if len(ids) != len(set(ids)):
        yield "two elements have one action_id"
    for element in block.get("elements", []):
        yield from _element(element)


def _divider(block: Json) -> Iterator[str]:
    yield from _keys(block, set())


def _context_actions(block: Json) -> Iterator[str]:
    yield from _keys(block, {"elements"})
    if not 1 <= len(block.get("elements", [])) <= 5:
        yield f"context actions of {len(block.get('elements', []))} elements"
    for element in block.get("elements", []):
        if element.get("type") != "feedback_buttons":
            yield f"an element of type {element.get('type')} among context actions"
            continue
        yield from _id(element, "action_id")
        yield from _keys(element, {"action_id", "positive_button", "negative_button"})
        for name in ("positive_button", "negative_button"):
            button = element.get(name, {})
            yield from _keys(button, {"text", "value", "accessibility_label"})
            yield from _text(button.get("text"), 75, plain=True)
            if not 1 <= len(button.get("value", "")) <= 2000:
                yield "a feedback button's value"
            if len(button.get("accessibility_label", "")) > 75:
                yield "a feedback button's accessibility_label is too long"


def _chart(block: Json) -> Iterator[str]:
    yield from _keys(block, {"title", "chart"})
    if not 1 <= len(block.get("title", "")) <= 50:
        yield "a chart's title"
    chart = block.get("chart", {})
    yield from _keys(chart, {"series", "axis_config"})
    if chart.get("type") not in {"bar", "area", "line"}:  # a pie has other fields
        yield f"a chart of type {chart.get('type')}"
    axis, series = chart.get("axis_config", {}), chart.get("series", [])
    yield from _keys(axis, {"categories", "x_label", "y_label"})
    categories = axis.get("categories", [])
    if not 1 <= len(series) <= 6:
        yield f"{len(series)} series"
    if not 1 <= len(categories) <= 20 or len(set(categories)) != len(categories):
        yield f"the categories {categories}"
    for one in series:
        yield from _keys(one, {"name", "data"})
        points = one.get("data", [])
        if [point.get("label") for point in points] != categories:
            yield "a series without a value for each category, in order"
        if not all(isinstance(point.get("value"), (int, float)) for point in points):
            yield "a value that is no number"
    names = [one.get("name", "") for one in series]
    for label in (*names, *categories):
        if not 1 <= len(label) <= 20:
            yield f"a chart's label of {len(label)} characters"


def _element(element: Json) -> Iterator[str]:
    kind = element.get("type")
    rule = ELEMENTS.get(str(kind))
    if rule is None:
        yield f"an element of type {kind}"
        return
    yield from _id(element, "action_id")
    yield from rule(element)


def _button(element: Json) -> Iterator[str]:
    yield from _keys(element, {"text", "action_id", "url", "value", "style", "confirm"})
    yield from _text(element.get("text"), 75, plain=True)
    if len(element.get("url", "")) > 3000:
        yield "a button's url is too long"
    if len(element.get("value", "")) > 2000:
        yield "a button's value is too long"


def _select(element: Json) -> Iterator[str]:
    yield from _keys(element, {"action_id", "placeholder", "options", "initial_option"})
    if "placeholder" in element:
        yield from _text(element["placeholder"], 150, plain=True)
    options = element.get("options", [])
    if not 1 <= len(options) <= 100:
        yield f"{len(options)} options"
    for option in options:
        yield from _text(option.get("text"), 75, plain=True)
        if not 1 <= len(option.get("value", "")) <= 150:
            yield f"an option's value of {len(option.get('value', ''))} characters"
    if "initial_option" in element and element["initial_option"] not in options:
        yield "the initial option is not one of the options"


def _image(element: Json) -> Iterator[str]:
    yield from _keys(element, {"image_url", "alt_text", "title", "slack_file"})
    url, file = element.get("image_url", ""), element.get("slack_file")
    if file is not None:
        if url or set(file) not in ({"id"}, {"url"}):
            yield f"an image of {sorted(file)} and {url[:50]}"
    elif not (url.startswith(("https://", "http://")) and len(url) <= 3000):
        yield f"an image's address: {url[:50]}"
    if not 1 <= len(element.get("alt_text", "")) <= 2000:
        yield "an image's alt_text"


def _text(text: Any, max_length: int, *, plain: bool = False) -> Iterator[str]:
    if not isinstance(text, dict):
        yield "a text that is not an object"
        return
    kind = text.get("type")
    allowed = {"plain_text": {"emoji"}, "mrkdwn": {"verbatim"}}.get(str(kind))
    if allowed is None or (plain and kind != "plain_text"):
        yield f"a text of type {kind}"
        return
    yield from _keys(text, {"text", *allowed})
    if not 1 <= len(text.get("text", "")) <= max_length:
        yield f"a text of {len(text.get('text', ''))} characters where {max_length} are allowed"


def _keys(value: Json, known: set[str]) -> Iterator[str]:
    if unknown := set(value) - known - {"type", "block_id"}:
        yield f"a {value.get('type')} with {sorted(unknown)}"


def _id(value: Json, name: str) -> Iterator[str]:
    if name in value and not 1 <= len(value[name]) <= MAX_ID_LENGTH:
        yield f"{name} of {len(value[name])} characters"


BLOCKS: Final[Mapping[str, Callable[[Json], Iterator[str]]]] = {
    "header": _header,
    "section": _section,
    "context": _context,
    "context_actions": _context_actions,
    "data_visualization": _chart,
    "actions": _actions,
    "divider": _divider,
    "image": _image,
}
ELEMENTS: Final[Mapping[str, Callable[[Json], Iterator[str]]]] = {
    "button": _button,
    "static_select": _select,
    "image": _image,
}
