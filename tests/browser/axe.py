"""axe-core on a page: https://github.com/dequelabs/axe-core/blob/develop/doc/API.md.

Deque's axe-core comes with axe-playwright-python, whose own functions add a script element to the
page: the Content-Security-Policy refuses that. What the browser evaluates for a test is allowed.
"""

from collections.abc import Sequence
from importlib import resources

from playwright.async_api import Page

SCRIPT = (resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice")

OF_COLOURS = ("color-contrast", "link-in-text-block")
"""Rules whose findings depend on the theme."""

RUN = """async ([tags, rules]) => {
    const runOnly = rules.length
        ? { type: "rule", values: rules }
        : { type: "tag", values: tags };
    const { violations } = await axe.run({ runOnly, resultTypes: ["violations"] });
    return violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary }) =>
            `${id}: ${target.flat().join(" ")}: ${failureSummary.replace(/\\s+/g, " ")}`));
}"""


async def violations(page: Page, rules: Sequence[str] = ()) -> list[str]:
    """Return findings of axe-core as "rule: selector: what to mend"; by all rules if empty."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(f"{SCRIPT}; 0")
    found: list[str] = await page.evaluate(RUN, [list(TAGS), list(rules)])
    return found
