from hypothesis import given
from hypothesis import strategies as st

from bot.render.fitting import ELLIPSIS, fitted, lines_of, width
from bot.render.scene import Text

LIKE = Text((0, 0), "", 37, "#000000")
WORD = st.text("abcdefghij", min_size=1, max_size=12)


@given(st.text("mil ", max_size=40), st.integers(60, 600))
def test_text_is_cut_only_where_it_is_too_long(words: str, limit: int) -> None:
    text = Text((0, 0), words, 37, "#000000")
    found = fitted(text, limit)
    assert width(found) <= limit
    if width(text) <= limit:
        assert found is text
    else:
        assert found.text.endswith(ELLIPSIS)
        assert words.startswith(found.text.removesuffix(ELLIPSIS))


@given(st.lists(WORD, max_size=9), st.integers(400, 900))
def test_words_are_kept_in_order_in_lines_that_fit(words: list[str], limit: int) -> None:
    lines = lines_of(words, LIKE, limit)
    assert ", ".join(words) == " ".join(lines)
    assert all(width(Text((0, 0), line, 37, "#000000")) <= limit for line in lines)


def test_word_that_does_not_fit_is_in_the_next_line() -> None:
    assert lines_of(["guitar", "piano", "strings"], LIKE, 250) == ["guitar, piano,", "strings"]
