"""Templates: compiled on creation, and what they share."""

import pytest
from jinja2 import PackageLoader

from bot.platforms.web.pages import MAX_TYPED, Pages
from bot.texts import site

NOTICE = {"type": "notice", "code": "done", "text": "Done & <dusted>"}


def test_templates_are_read_once_and_before_the_first_visitor(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pages = Pages()

    def read(*_: object) -> None:
        raise AssertionError("a visitor waits for this")

    monkeypatch.setattr(PackageLoader, "get_source", read)
    shown = pages.render("notice.html", notice=NOTICE)
    assert "Done &amp; &lt;dusted&gt;" in shown


def test_fields_take_what_suggestions_are_asked_for() -> None:
    form = Pages().render("search_form.html")
    assert f'maxlength="{MAX_TYPED}"' in form
    assert f'placeholder="{site.FRAME["placeholder"]}"' in form
