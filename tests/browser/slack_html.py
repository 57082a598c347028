"""Draws messages of Block Kit as HTML in the style of Slack's apps, for pictures.

It shows text, order and proportions, not every detail of Slack's apps.
"""

import base64
import html
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.domain import emoji
from bot.platforms.slack import emoji_names
from tests.pictures import made

Json = Mapping[str, Any]

EMOJI: Final = {
    **{emoji_names.GENRES[genre]: symbol for genre, symbol in emoji.GENRES.items()},
    emoji_names.RIGHT: emoji.RIGHT,
    emoji_names.DELETE: emoji.DELETE,
}
"""Emoji by Slack's names."""

STYLE: Final = """
* { box-sizing: border-box; margin: 0; }
body { --back: #fff; --text: #1d1c1d; --small: #616061; --line: #dddddd; --edge: #bbbabb;
  --code: #c01343; --code-back: #f6f6f6; --bar: #1264a3;
  font: 15px/1.46668 "Lato", "Noto Sans", sans-serif; background: var(--back);
  color: var(--text); }
body.dark { --back: #1a1d21; --text: #d1d2d3; --small: #ababad; --line: #35373b; --edge: #565856;
  --code: #e8912d; --code-back: #232529; --bar: #1d9bd1; }
.channel { padding: 8px 0; }
.message { display: grid; grid-template-columns: 36px minmax(0, 1fr); gap: 8px;
  padding: 8px 20px; }
.avatar { width: 36px; height: 36px; border-radius: 8px; }
.name { font-weight: 900; }
.app { font-size: 10px; font-weight: 700; padding: 1px 3px; border-radius: 2px;
  background: var(--line); color: var(--small); margin: 0 4px; }
.time, .file { font-size: 12px; color: var(--small); }
.block { margin-top: 8px; max-width: 600px; overflow-wrap: anywhere; white-space: pre-wrap; }
h2 { font-size: 18px; line-height: 1.33; font-weight: 900; unicode-bidi: plaintext; }
.section { display: flex; justify-content: space-between; gap: 16px; }
.section .text { min-width: 0; }
.section > img { width: 88px; height: 88px; border-radius: 8px; object-fit: cover;
  flex: none; }
.context { font-size: 12px; color: var(--small); }
.plain { unicode-bidi: plaintext; overflow-wrap: anywhere; }
code { font: 12px "DejaVu Sans Mono", monospace; color: var(--code);
  background: var(--code-back); border: 1px solid var(--line); border-radius: 3px;
  padding: 2px 3px 1px; white-space: pre; }
.actions { display: flex; flex-wrap: wrap; gap: 8px; }
.button { border: 1px solid var(--edge); border-radius: 8px; height: 36px; padding: 0 12px;
  font-size: 15px; font-weight: 700; line-height: 34px; white-space: nowrap;
  max-width: 100%; overflow: hidden; text-overflow: ellipsis; }
.button.primary { background: #007a5a; border-color: #007a5a; color: #fff; }
.select { font-weight: 400; color: var(--small); min-width: 150px; }
.select::after { content: "⌄"; float: right; margin-left: 16px; }
.thumb { font-size: 13px; color: var(--small); border: 0; height: 28px; line-height: 28px;
  padding: 0 8px 0 0; font-weight: 400; }
.chart { border: 1px solid var(--line); border-radius: 12px; padding: 12px 16px; }
.chart b { font-size: 15px; }
.columns { display: flex; align-items: flex-end; gap: 12px; height: 150px;
  border-bottom: 1px solid var(--line); margin-top: 8px; }
.columns div { flex: 1; background: var(--bar); border-radius: 4px 4px 0 0; position: relative; }
.columns span { position: absolute; top: -18px; width: 100%; text-align: center;
  font-size: 12px; color: var(--small); }
.labels { display: flex; gap: 12px; font-size: 12px; color: var(--small); }
.labels span { flex: 1; text-align: center; min-width: 0; }
.reactions { display: flex; gap: 4px; margin-top: 6px; }
.reactions span { border-radius: 12px; background: var(--code-back); padding: 1px 8px;
  font-size: 12px; border: 1px solid var(--line); }
.picture { max-width: 360px; width: 100%; border: 1px solid var(--line); border-radius: 8px;
  display: block; margin-top: 4px; }
.private { background: var(--code-back); font-size: 12px; color: var(--small); }
"""


@dataclass(frozen=True)
class Message:
    """A message: its blocks or its text, below them a picture, and reactions.

    `private` ones are seen by one person only.
    """

    blocks: Sequence[Json] = ()
    text: str = ""
    author: str = made.NAME
    time: str = "9:41 AM"
    picture: bytes | None = None
    title: str = ""
    reactions: Sequence[tuple[str, int]] = ()
    private: bool = False


def page(messages: Sequence[Message], *, dark: bool = False) -> str:
    """Return a page that shows messages of a channel or a thread."""
    shown = "".join(map(_message, messages))
    theme = "dark" if dark else "light"
    return (
        f'<!doctype html><meta charset="utf-8"><style>{STYLE}</style>'
        f'<body class="{theme}"><main class="channel">{shown}</main>'
    )


def _message(message: Message) -> str:
    is_app = message.author == made.NAME
    app = '<span class="app">APP</span>' if is_app else ""
    name = f'<span class="name">{html.escape(message.author)}</span>{app}'
    parts = [f'<div>{name} <span class="time">{message.time}</span></div>']
    if message.private:
        parts.insert(0, '<div class="private">Only visible to you</div>')
    if message.text:
        parts.append(f'<div class="plain">{html.escape(message.text)}</div>')
    parts += [f'<div class="block">{part}</div>' for part in _blocks(message.blocks)]
    if message.picture:
        parts.append(f'<div class="file">{html.escape(message.title)} ⌄</div>')
        parts.append(f'<img class="picture" src="{png(message.picture)}">')
    if message.reactions:
        chips = "".join(f"<span>{EMOJI[name]} {count}</span>" for name, count in message.reactions)
        parts.append(f'<div class="reactions">{chips}</div>')
    picture = made.avatar() if is_app else made.person()
    return (
        f'<div class="message"><img class="avatar" src="{png(picture)}">'
        f"<div>{''.join(parts)}</div></div>"
    )


def _blocks(blocks: Sequence[Json]) -> Iterator[str]:
    for block in blocks:
        yield BLOCKS[block["type"]](block)


def _header(block: Json) -> str:
    return f"<h2>{_text(block['text'])}</h2>"


def _section(block: Json) -> str:
    text = f'<div class="text">{_text(block["text"])}</div>'
    image = _image(block["accessory"]) if "accessory" in block else ""
    return f'<div class="section">{text}{image}</div>'


def _context(block: Json) -> str:
    parts = (f'<div class="context">{_text(one)}</div>' for one in block["elements"])
    return "".join(parts)


def _actions(block: Json) -> str:
    return f'<div class="actions">{"".join(map(_element, block["elements"]))}</div>'


def _element(element: Json) -> str:
    if element["type"] == "feedback_buttons":
        up, down = element["positive_button"], element["negative_button"]
        return "".join(
            f'<span class="button thumb">{symbol} {_text(button["text"])}</span>'
            for symbol, button in (("👍", up), ("👎", down))
        )
    if element["type"] == "static_select":
        shown = element["initial_option"]["text"] if "initial_option" in element else None
        return f'<span class="button select">{_text(shown or element["placeholder"])}</span>'
    return f'<span class="button {element.get("style", "")}">{_text(element["text"])}</span>'


def _chart(block: Json) -> str:
    (series,) = block["chart"]["series"]
    highest = max(point["value"] for point in series["data"])
    columns = "".join(
        f'<div style="height: {round(120 * point["value"] / highest)}px">'
        f"<span>{point['value']:g}</span></div>"
        for point in series["data"]
    )
    labels = "".join(f"<span>{html.escape(one['label'])}</span>" for one in series["data"])
    return (
        f'<div class="chart"><b>{html.escape(block["title"])}</b>'
        f'<div class="columns">{columns}</div><div class="labels">{labels}</div></div>'
    )


def _image(block: Json) -> str:
    alt = html.escape(block["alt_text"], quote=True)
    return f'<img src="{html.escape(block["image_url"], quote=True)}" alt="{alt}">'


def _text(text: Json) -> str:
    if text["type"] == "plain_text":
        shown = html.escape(text["text"])
        return f'<span class="plain">{_with_emoji(shown) if text.get("emoji") else shown}</span>'
    marked = re.sub(r"`([^`]+)`", r"<code>\1</code>", text["text"])
    marked = re.sub(r"(?<!\w)\*([^*\n]+)\*", r"<b>\1</b>", marked)
    marked = re.sub(r"<(https?:[^|>]+)>", r'<a href="\1">\1</a>', marked)
    return _with_emoji(marked)


def _with_emoji(text: str) -> str:
    return re.sub(r":([a-z_0-9]+):", lambda found: EMOJI.get(found[1], found[0]), text)


def png(picture: bytes) -> str:
    """Return a PNG as an address."""
    return f"data:image/png;base64,{base64.b64encode(picture).decode()}"


BLOCKS: Final[Mapping[str, Callable[[Json], str]]] = {
    "header": _header,
    "section": _section,
    "context": _context,
    "actions": _actions,
    "context_actions": _actions,
    "data_visualization": _chart,
    "divider": lambda _: "<hr>",
    "image": _image,
}
