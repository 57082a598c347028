"""No line ends between a figure and its unit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import texts


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Leans r&b (50 %), then rock.", "Leans r&b (50_%), then rock."),
        ("171 BPM, perhaps 86 · 3:35", "171_BPM, perhaps 86 · 3:35"),
        ("Loudness \N{MINUS SIGN}5.6 dB.", "Loudness \N{MINUS SIGN}5.6_dB."),
        ("> 99 % or < 1 %", ">_99_% or <_1_%"),
        ("Loudness \N{MINUS SIGN}9.1 LUFS, 20 MB", "Loudness \N{MINUS SIGN}9.1_LUFS, 20_MB"),
        ("9 BPMs of 3 songs", "9 BPMs of 3 songs"),
        ("5 say country, 2 hip-hop.", "5 say country, 2 hip-hop."),
    ],
)
def test_figure_stays_with_its_unit(text: str, shown: str) -> None:
    assert texts.unbroken(text) == shown.replace("_", "\N{NO-BREAK SPACE}")


@given(text=st.text(alphabet="0159 %<>BPMdab,."))
def test_nothing_but_spaces_is_changed(text: str) -> None:
    shown = texts.unbroken(text)
    assert shown.replace("\N{NO-BREAK SPACE}", " ") == text
    assert texts.unbroken(shown) == shown
