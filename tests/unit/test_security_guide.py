"""docs/security.md names tests that exist, and a test for each promise."""

import re

from tests.conftest import ROOT

GUIDE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
ROWS = [line for line in GUIDE.splitlines() if line.startswith("| ") and "| test |" not in line]


def test_each_promise_names_a_test() -> None:
    assert len(ROWS) > 20
    assert [row for row in ROWS if not re.search(r"`tests/\S+\.py`", row)] == []


def test_the_named_tests_and_documents_exist() -> None:
    named = re.findall(r"`(tests/\S+)`", GUIDE) + [
        f"docs/{path}" for path in re.findall(r"\]\((?!http)([^)#]+)", GUIDE)
    ]
    assert [path for path in named if not (ROOT / path).exists()] == []
