"""The stub refuses the blocks that Slack's documentation forbids."""

import pytest

from tests.stubs.slack import blocks
from tests.stubs.slack.values import Json


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

RIGHT = {
    "header": [{"type": "header", "text": plain("h" * 150, emoji=False)}],
    "section": [section("s" * 3000, accessory=PICTURE)],
    "select": [actions(select(100, "o" * 75, placeholder=plain("p" * 150)))],
    "button": [actions(button("b" * 75, value="v" * 2000, url="https://x/"))],
    "fifty": [section("s")] * 50,
    "context": [{"type": "context", "elements": [plain("a")] * 10}, {"type": "divider"}],
}
WRONG = {
    "long header": [{"type": "header", "text": plain("h" * 151)}],
    "marked header": [{"type": "header", "text": {"type": "mrkdwn", "text": "h"}}],
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
    "strange initial option": [
        actions(select(initial_option={"text": plain("z"), "value": "z"}))
    ],
    "long button": [actions(button("b" * 76))],
    "same action_id": [actions(button(), button())],
    "no elements": [actions()],
    "26 elements": [actions(*(button(action_id=str(n)) for n in range(26)))],
    "11 in a context": [{"type": "context", "elements": [plain("a")] * 11}],
    "no alt_text": [{**PICTURE, "alt_text": ""}],
    "no address": [{**PICTURE, "image_url": "javascript:x"}],
    "no list": {"type": "section"},
}  # fmt: skip


@pytest.mark.parametrize("laid_out", RIGHT.values(), ids=RIGHT)
def test_what_is_allowed_is_allowed(laid_out: list[Json]) -> None:
    assert blocks.fault(laid_out) is None


@pytest.mark.parametrize("laid_out", WRONG.values(), ids=WRONG)
def test_what_is_forbidden_is_refused(laid_out: object) -> None:
    assert blocks.fault(laid_out)


def test_a_home_may_be_longer_than_a_message() -> None:
    laid_out = [section("s")] * 100
    assert blocks.fault(laid_out)
    assert blocks.fault(laid_out, blocks.MOST_HOME_BLOCKS) is None


def test_the_words_of_a_message_are_found_wherever_they_stand() -> None:
    laid_out = [section("one"), actions(button("two"), select(text="three"))]
    assert list(blocks.texts(laid_out, "mrkdwn")) == ["one"]
    assert list(blocks.texts(laid_out, "plain_text")) == ["two", "three"]
