"""Addresses of SQLite databases."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.addresses import sqlite_path


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("sqlite:///x.db", "x.db"),
        ("sqlite+aiosqlite:////home/me/x.db", "/home/me/x.db"),
        ("SQLite:////home/my%20x/100%.db", "/home/my%20x/100%.db"),
        ("sqlite:///C:/Users/me/x.db", "C:/Users/me/x.db"),
        ("sqlite:///what?.db", "what?.db"),
        ("postgresql://host/x", None),
        ("sqlite:x.db", None),
    ],
)
def test_path_is_taken_as_written(address: str, path: str | None) -> None:
    assert sqlite_path(address) == path


@pytest.mark.parametrize("rest", ["", ":memory:", "x.db?mode=ro"])
def test_address_without_a_file_or_with_parameters_is_refused(rest: str) -> None:
    with pytest.raises(ValueError, match=r"memory|parameters"):
        sqlite_path(f"sqlite:///{rest}")


@given(st.text())
def test_any_text_is_an_address_or_none(text: str) -> None:
    assert sqlite_path(text) is None or text.lower().startswith("sqlite")
