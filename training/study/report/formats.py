"""How the report writes numbers and names: at most three significant digits in a sentence."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from model.schema import BY_NAME

PITCHES: Final = ("C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B")
NUMBERS: Final = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
TABLES: Final = {"fma": "Free Music Archive", "billboard": "Billboard"}
MEGA: Final = 1_000_000


def digits(value: float) -> str:
    """Write a positive number with two significant digits: 0.02, 4.3, 12."""
    return f"{value:.2g}" if value < 1 else f"{value:.{1 if round(value, 1) < 9.95 else 0}f}"  # noqa: PLR2004


def feature(name: str, value: float) -> str:
    """Write a feature's value by its unit: 0.64, 126 BPM, 3:47, F♯, minor."""
    match name:
        case "tempo" | "loudness":
            return f"{value:.0f} {BY_NAME[name].unit}"
        case "duration_ms":
            return f"{round(value / 1000) // 60}:{round(value / 1000) % 60:02}"
        case "key":
            return PITCHES[round(value)]
        case "mode":
            return "major" if value else "minor"
        case "year":
            return f"{value:.0f}"
        case _:
            return f"{value:.2f}"


def settings(values: Mapping[str, Any]) -> str:
    """Write hyperparameters: C 0.1, hidden 256 256."""
    written = (
        f"{name} {' '.join(f'{one:g}' for one in (value if isinstance(value, list) else [value]))}"
        for name, value in values.items()
    )
    return ", ".join(written).replace("_", " ")


def listed(words: Iterable[str]) -> str:
    """Join words as a list in a sentence: a, b and c."""
    *others, last = [*words] or [""]
    return f"{', '.join(others)} and {last}" if others else last


FILTERS: Final[Mapping[str, Callable[..., str]]] = {
    "score": "{:.2f}".format,
    "error": "{:.3f}".format,
    "change": lambda value: f"{value:+.2f}" if round(value, 2) else "0.00",
    "share": lambda value: f"{100 * value:.0f}\N{NARROW NO-BREAK SPACE}%",
    "count": "{:,}".format,
    "small": lambda value: NUMBERS[value] if value < len(NUMBERS) else str(value),
    "size": lambda n: f"{n // 1000} kB" if n < MEGA else f"{digits(n / MEGA)} MB",
    "duration": lambda seconds: (
        f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"  # noqa: PLR2004
    ),
    "digits": digits,
    "settings": settings,
    "feature_name": lambda name: name.removesuffix("_ms"),
    "table_name": lambda name: TABLES.get(name, name.replace("_", " ")),
    "model_name": lambda name: name.replace(", ", " (") + ")" if ", " in name else name,
    "listed": listed,
    "capital": lambda text: (
        text.replace("r&b", "R&B", 1) if text[:3] == "r&b" else text[:1].upper() + text[1:]
    ),
}
"""The filters of the templates."""
