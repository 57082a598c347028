import pytest

from training.study.report import formats
from training.study.report.html import Markup, element


def test_text_is_escaped_and_markup_is_not() -> None:
    inner = element("b", "a < b & c")

    assert element("p", inner, '"quoted"').text == (
        "<p><b>a &lt; b &amp; c</b>&quot;quoted&quot;</p>"
    )


def test_attributes_are_escaped_and_numbers_are_rounded() -> None:
    drawn = element("rect", x=1.23456, y=2.0, class_="a", aria_label='"', title=None)

    assert drawn == Markup('<rect x="1.23" y="2" class="a" aria-label="&quot;"></rect>')


def test_children_may_be_nested_or_empty() -> None:
    assert element("ul", [element("li", "a"), (), [element("li", "b")]]).text == (
        "<ul><li>a</li><li>b</li></ul>"
    )


def test_void_elements_have_no_end_tag() -> None:
    assert element("meta", charset="utf-8").text == '<meta charset="utf-8">'


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param(formats.score(0.85349), "0.853", id="score"),
        pytest.param(formats.short(-0.204), "\N{MINUS SIGN}0.20", id="negative"),
        pytest.param(formats.share(0.6449), "64\N{NO-BREAK SPACE}%", id="share"),
        pytest.param(formats.count(12921), "12,921", id="count"),
        pytest.param(formats.seconds(0.049), "0.05 s", id="part of a second"),
        pytest.param(formats.seconds(12.34), "12.3 s", id="seconds"),
        pytest.param(formats.seconds(204), "3.4 min", id="minutes"),
        pytest.param(formats.milliseconds(0.0789), "0.079 ms", id="part of a millisecond"),
        pytest.param(formats.milliseconds(12.34), "12.3 ms", id="milliseconds"),
        pytest.param(formats.size(1_234), "1.2 kB", id="small"),
        pytest.param(formats.size(34_400), "34 kB", id="middling"),
        pytest.param(formats.size(1_234_567), "1.2 MB", id="large"),
        pytest.param(formats.setting(None), "none", id="no setting"),
        pytest.param(formats.setting(0.1), "0.1", id="setting"),
        pytest.param(formats.feature(227_000, "ms"), "3:47", id="duration"),
        pytest.param(formats.feature(-21.8, "dB"), "\N{MINUS SIGN}22 dB", id="loudness"),
        pytest.param(formats.feature(0.678, "0-1"), "0.68", id="feature"),
        pytest.param(formats.feature(9, "pitch class, 0 is C"), "A", id="key"),
        pytest.param(formats.feature(0, "1 major, 0 minor"), "minor", id="mode"),
        pytest.param(formats.listed(["a", "b", "c"]), "a, b and c", id="list"),
        pytest.param(formats.listed(["a"]), "a", id="list of one"),
        pytest.param(formats.listed([]), "", id="list of none"),
    ],
)
def test_number_formats(written: str, expected: str) -> None:
    assert written == expected
