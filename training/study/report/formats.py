"""Numbers and lists as the report writes them: at most three significant digits."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from model.schema import BY_NAME

NARROW: Final = "\N{NARROW NO-BREAK SPACE}"
NO_VALUE: Final = "\N{EN DASH}"
MINUTE: Final = 60
PITCHES: Final = ("C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B")
NUMBERS: Final = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def score(value: float) -> str:
    """Format an F1, an AUC or an error: 0.52."""
    return f"{value:.2f}".replace("-", "\N{MINUS SIGN}")


def change(value: float) -> str:
    """Format a difference of two scores with its sign: +0.03; "0.00" without one."""
    text = f"{value:+.2f}".replace("-", "\N{MINUS SIGN}")
    return text if round(value, 2) else "0.00"


def share(value: float) -> str:
    """Format a share or a probability: 52 %."""
    return f"{100 * value:.0f}{NARROW}%"


def count(value: int) -> str:
    """Format a number of songs: 12,921."""
    return f"{value:,}"


def small(value: int) -> str:
    """Format a number in a sentence: seven, 12."""
    return NUMBERS[value] if value < len(NUMBERS) else str(value)


def size(value: int) -> str:
    """Format a number of bytes: 34 kB, 1.2 MB, 120 MB."""
    mega = value / 1e6
    return f"{max(value // 1000, 1)} kB" if mega < 1 else f"{mega:.{1 if mega < 10 else 0}f} MB"


def milliseconds(value: float) -> str:
    """Format a latency: 0.02 ms, 4.3 ms, 12 ms."""
    return f"{value:.{2 if value < 1 else 1 if value < 10 else 0}f} ms"


def minutes(value: float) -> str:
    """Format a duration that is given in minutes."""
    return f"{value * MINUTE:.0f} s" if value < 2 else f"{value:.0f} min"


def settings(values: dict[str, Any]) -> str:
    """Format hyperparameters: C 0.1, gamma 0.25."""
    written = (
        f"{name} {'×'.join(map(str, value)) if isinstance(value, list | tuple) else value}"
        for name, value in values.items()
    )
    return ", ".join(written).replace("_", " ")


def feature(name: str, value: float) -> str:
    """Format a feature's value by its unit: 0.64, 126 BPM, 3:47, F♯, minor."""
    match name:
        case "tempo" | "loudness":
            return f"{value:.0f} {BY_NAME[name].unit}".replace("-", "\N{MINUS SIGN}")
        case "duration_ms":
            whole, rest = divmod(round(value / 1000), MINUTE)
            return f"{whole}:{rest:02}"
        case "key":
            return PITCHES[round(value)]
        case "mode":
            return "major" if value else "minor"
        case _:
            return score(value)


def feature_name(name: str) -> str:
    """Return the name of a feature without its unit."""
    return name.removesuffix("_ms")


def table_name(name: str) -> str:
    """Return the name of a table in words."""
    words = {"fma": "Free Music Archive", "billboard": "Billboard", "music_genre": "music genre"}
    return words.get(name, name.replace("_", " "))


def listed(words: Iterable[str]) -> str:
    """Join words as a list in a sentence: a, b and c."""
    every: Sequence[str] = list(words)
    return " and ".join(filter(None, [", ".join(every[:-1]), *every[-1:]]))


def capital(text: str) -> str:
    """Return the text with a capital first letter."""
    return text[:1].upper() + text[1:]
