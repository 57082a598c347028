"""What axe-core cannot check of a page's accessibility. Each check returns what it finds wrong.

The numbers are of WCAG 2.2: https://www.w3.org/TR/WCAG22/.
"""

from itertools import pairwise
from typing import Any

from playwright.async_api import Page

from tests.browser.chat import overflowing

SMALLEST_TARGET = 24
"""Pixels, of 2.5.8."""

ZOOMED = (320, 256)
"""What is left of a window of 1280 by 1024 pixels at 400 %, of 1.4.10."""

MAX_STOPS = 90
"""Presses of Tab until a page counts as endless."""

NAME = """(e) => e.tagName.toLowerCase() + (e.id ? `#${e.id}` : "")
    + [...e.classList].map((name) => `.${name}`).join("")
    + ` "${(e.ariaLabel ?? e.innerText ?? "").trim().slice(0, 30)}"`"""
"""Names an element in a finding."""

TARGETS = f"""(smallest) => {{
    const name = {NAME};
    const found = [];
    const all = "a[href], button, input, select, textarea, summary, [role=option], [role=slider]";
    for (const e of document.querySelectorAll(all)) {{
        const target = e.closest("label") ?? e;
        if (!target.checkVisibility({{ visibilityProperty: true }})) continue;
        if (target.matches(".skip:not(:focus)")) continue;  // it is displayed on focus only
        const {{ width, height }} = target.getBoundingClientRect();
        const isInSentence = getComputedStyle(target).display === "inline"
            && target.parentElement.innerText.trim() !== target.innerText.trim();
        if (Math.min(width, height) < smallest && !isInSentence) {{
            found.push(`${{name(target)}} is ${{Math.round(width)}} by ${{Math.round(height)}}`);
        }}
    }}
    return found;
}}"""

START = """() => {
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute("tabindex");
}"""
"""Moves the focus to where it is when a page was loaded."""

STOP = f"""async () => {{
    const name = {NAME};
    const e = document.activeElement;
    if (e === null || e === document.body || e === document.documentElement) return null;
    const drawn = (e) => {{
        const {{ outlineStyle, outlineWidth, outlineColor, boxShadow }} = getComputedStyle(e);
        const isOutlined = outlineStyle !== "none" && parseFloat(outlineWidth) > 0;
        return [isOutlined && outlineWidth + outlineColor, boxShadow].join();
    }};
    const parts = [e, e.closest("label"), e.closest("form"), e.closest("details")].filter(Boolean);
    const focused = parts.map(drawn);
    const target = e.closest("label") ?? e;
    const isAt = (across, down) => {{
        const {{ x, y, width, height }} = target.getBoundingClientRect();
        const top = document.elementFromPoint(x + width * across / 8, y + height * down / 8);
        return top !== null && target.contains(top);
    }};
    const inside = [1, 2, 3, 4, 5, 6, 7];
    const isCovered = () => !inside.some((across) => inside.some((down) => isAt(across, down)));
    // The browser may scroll to it in the next frame.
    for (let frame = 0; frame < 5 && isCovered(); frame += 1) {{
        await new Promise(requestAnimationFrame);
    }}
    const box = target.getBoundingClientRect();
    e.blur();
    const isSeen = focused.some((style, at) => style !== drawn(parts[at]));
    e.focus({{ preventScroll: true }});
    let scroller = e.parentElement;
    while (scroller && !/auto|scroll/.test(getComputedStyle(scroller).overflowY)) {{
        scroller = scroller.parentElement;
    }}
    const isBefore = stops.length > 0
        && stops.at(-1).compareDocumentPosition(e) & Node.DOCUMENT_POSITION_PRECEDING;
    const isRepeated = stops.includes(e);
    stops.push(e);
    return {{
        name: name(e), isSeen, isCovered: isCovered(), isBefore: Boolean(isBefore), isRepeated,
        scroller: scroller ? name(scroller) : "",
        control: e.closest(".control")?.dataset.feature ?? null,
        left: box.left, right: box.right, top: box.top + (scroller?.scrollTop ?? scrollY),
        bottom: box.bottom + (scroller?.scrollTop ?? scrollY),
    }};
}}"""

SPACING = """() => {
    const clipped = () => new Set([...document.querySelectorAll("body *")].filter((e) => {
        const { overflowX, overflowY } = getComputedStyle(e);
        return e.innerText?.trim() && (
            (overflowX === "hidden" && e.scrollWidth > e.clientWidth + 1)
            || (overflowY === "hidden" && e.scrollHeight > e.clientHeight + 1));
    }));
    const before = clipped();
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
        word-spacing: 0.16em !important } p { margin-bottom: 2em !important }`);
    document.adoptedStyleSheets.push(sheet);
    const found = [...clipped()].filter((e) => !before.has(e)).map((e) => e.outerHTML.slice(0, 80));
    if (document.documentElement.scrollWidth > innerWidth) found.push("the page is wider");
    document.adoptedStyleSheets.pop();
    return found;
}"""

MOTION = """() => [...document.querySelectorAll("*")].flatMap((e) =>
    [undefined, "::before", "::after"].flatMap((pseudo) => {
        const { animationName, transitionDuration, scrollBehavior } = getComputedStyle(e, pseudo);
        const moves = (animationName ?? "none") !== "none"
            || (transitionDuration ?? "0s").split(", ").some((time) => parseFloat(time) > 0)
            || scrollBehavior === "smooth";
        return moves ? [`${e.outerHTML.slice(0, 60)} ${pseudo ?? ""}`] : [];
    }))"""


async def small_targets(page: Page) -> list[str]:
    """Return controls that are smaller than 24 pixels, except links within a sentence (2.5.8)."""
    found: list[str] = await page.evaluate(TARGETS, SMALLEST_TARGET)
    return found


async def faults_of_tabbing(page: Page) -> list[str]:
    """Press Tab from the start to the end of the page, and Shift+Tab back to the start.

    Returns the stops whose focus is not visible (2.4.7) or that are covered (2.4.11), and those
    that come in another order than they are displayed in (2.4.3).
    """
    await page.evaluate(START)
    stops = await _stops(page, "Tab")
    if not stops:
        return ["Tab reaches nothing"]
    found = [f"focus is not visible: {one['name']}" for one in stops if not one["isSeen"]]
    found += [f"focus is covered: {one['name']}" for one in stops if one["isCovered"]]
    found += [
        f"{stop['name']} follows {earlier['name']}"
        for earlier, stop in pairwise(stops)
        if stop["isBefore"] or _is_above(stop, earlier)
    ]
    back = await _stops(page, "Shift+Tab")
    found += [
        f"focus is covered on the way back: {one['name']}" for one in back if one["isCovered"]
    ]
    ends = [way[-1]["name"] for way in (stops, back) if len(way) == MAX_STOPS]
    return found + [f"Tab never ends: {name}" for name in ends]


async def _stops(page: Page, key: str) -> list[dict[str, Any]]:
    """Return what each press of a key moves the focus to, until it leaves the page."""
    await page.evaluate("window.stops = []")
    stops: list[dict[str, Any]] = []
    while len(stops) < MAX_STOPS:
        await page.keyboard.press(key)
        stop = await page.evaluate(STOP)
        if stop is None or stop["isRepeated"]:
            break
        stops.append(stop)
    return stops


def _is_above(stop: dict[str, Any], earlier: dict[str, Any]) -> bool:
    """Return whether a stop is displayed above an earlier one, and not in a column beside it.

    Parts of one slider may be in any order.
    """
    is_same_part = stop["scroller"] == earlier["scroller"]
    is_same_control = stop["control"] is not None and stop["control"] == earlier["control"]
    is_beside = stop["left"] >= earlier["right"] - 1
    return bool(
        is_same_part and stop["bottom"] <= earlier["top"] and not is_beside and not is_same_control
    )


async def faults_of_reflow(page: Page) -> list[str]:
    """Return what does not fit a window of 320 pixels: at 400 % (1.4.10), with more space (1.4.12).

    The size of the window is another one afterwards.
    """
    await page.set_viewport_size({"width": ZOOMED[0], "height": ZOOMED[1]})
    found = [f"too wide: {one}" for one in await overflowing(page)]
    if await page.evaluate("document.documentElement.scrollWidth") > ZOOMED[0]:
        found.append("the page scrolls sideways")
    return found + [f"clipped with more space: {one}" for one in await page.evaluate(SPACING)]


async def motion(page: Page) -> list[str]:
    """Return what moves for people who asked for less motion (2.3.3)."""
    await page.emulate_media(reduced_motion="reduce")
    found: list[str] = await page.evaluate(MOTION)
    await page.emulate_media(reduced_motion="null")
    return found
