"""The README says what is true: its figures are the bundles', its commands exist."""

import re

import pytest

from tests.conftest import ROOT
from training import figures, readme

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_its_figures_are_the_committed_ones() -> None:
    figures_ = readme.readme(figures.read())
    assert f"{readme.START}\n{figures_}{readme.END}" in README, "python -m training card"


def test_it_stays_short_and_its_pictures_and_links_exist() -> None:
    assert len(README.splitlines()) < 150
    local = re.findall(r'(?:src|srcset)="([^"]+)"|\]\((?!http)([^)#]+)\)', README)
    for path in (first or second for first, second in local):
        assert (ROOT / path).exists(), path


@pytest.mark.parametrize("target", ["run", "test", "lint", "bench", "picture", "install"])
def test_the_make_targets_exist(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE)
