"""The stub refuses blocks that violate Slack's documentation."""

import pytest

from tests.stubs.slack import block_kit
from tests.stubs.slack.objects import Json


def plain(text: str, **more: object) -> Json:
    return {"type": "plain_text", "text": text, **more}


def section(text: str, **more: object) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def actions(*elements: Json, **more: object) -> Json:
    return {"type": "actions", "elements": list(elements), **more}


def select(count: int = 1, text: str = "a", **more: object) -> Json:
    options = [{"text": plain(text), "value": str(number)} for number in range(count)]
    return {"type": "static_select", "action_id": "s", "options": options, **more}


def button(text: str = "a", **more: object) -> Json:
    return {"type": "button", "action_id": "b", "text": plain(text), **more}


PICTURE: Json = {"type": "image", "image_url": "https://x/y.png", "alt_text": "a"}

VALID = {
    "header": [{"type": "header", "text": plain("h" * 150, emoji=False)}],
    "section": [section("s" * 3000, accessory=PICTURE)],
    "select": [actions(select(100, "o" * 75, placeholder=plain("p" * 150)))],
    "button": [actions(button("b" * 75, value="v" * 2000, url="https://x/"))],
    "fifty": [section("s")] * 50,
    "context": [{"type": "context", "elements": [plain("a")] * 10}, {"type": "divider"}],
}
INVALID = {
    "long header": [{"type": "header", "text": plain("h" * 151)}],
    "mrkdwn header": [{"type": "header", "text": {"type": "mrkdwn", "text": "h"}}],
    "empty text": [section("")],
    "long text": [section("s" * 3001)],
    "no text": [{"type": "section"}],
    "51 blocks": [section("s")] * 51,
    "same block_id": [section("s", block_id="a"), section("s", block_id="a")],
    "long block_id": [section("s", block_id="a" * 256)],
    "verbatim plain text": [{"type": "section", "text": plain("a", verbatim=True)}],
    "unknown block": [{"type": "card"}],
    "unknown key": [section("s", colour="red")],
    "101 options": [actions(select(101))],
    "long option": [actions(select(text="o" * 76))],
    "unknown initial option": [
        actions(select(initial_option={"text": plain("z"), "value": "z"}))
    ],
    "long button": [actions(button("b" * 76))],
    "same action_id": [actions(button(), button())],
    "no elements": [actions()],
    "26 elements": [actions(*(button(action_id=str(n)) for n in range(26)))],
    "11 in a context": [{"type": "context", "elements": [plain("a")] * 11}],
    "no alt_text": [{**PICTURE, "alt_text": ""}],
    "no image address": [{**PICTURE, "image_url": "javascript:x"}],
    "not a list": {"type": "section"},
}  # fmt: skip


@pytest.mark.parametrize("layout", VALID.values(), ids=VALID)
def test_valid_blocks_are_accepted(layout: list[Json]) -> None:
    assert block_kit.find_error(layout) is None


@pytest.mark.parametrize("layout", INVALID.values(), ids=INVALID)
def test_invalid_blocks_are_refused(layout: object) -> None:
    assert block_kit.find_error(layout)


def test_app_home_may_have_more_blocks_than_a_message() -> None:
    layout = [section("s")] * 100
    assert block_kit.find_error(layout)
    assert block_kit.find_error(layout, block_kit.MAX_HOME_BLOCKS) is None


def test_texts_are_found_at_any_depth() -> None:
    layout = [section("one"), actions(button("two"), select(text="three"))]
    assert list(block_kit.texts(layout, "mrkdwn")) == ["one"]
    assert list(block_kit.texts(layout, "plain_text")) == ["two", "three"]
