"""Number formats of the report."""

from typing import Any, Final

KILO: Final = 1000
MINUTE: Final = 60
NO_VALUE: Final = "\N{EN DASH}"
MINUS: Final = "\N{MINUS SIGN}"
PITCHES: Final = (
    "C",
    "C sharp",
    "D",
    "D sharp",
    "E",
    "F",
    "F sharp",
    "G",
    "G sharp",
    "A",
    "A sharp",
    "B",
)


def score(value: float) -> str:
    """Format an F1, an AUC or a calibration error: 0.853."""
    return _minus(f"{value:.3f}")


def short(value: float) -> str:
    """Format a correlation or an AUC with two decimals: 0.85."""
    return _minus(f"{value:.2f}")


def share(value: float) -> str:
    """Format a share or a probability: 85 %."""
    return f"{100 * value:.0f}\N{NO-BREAK SPACE}%"


def count(value: int) -> str:
    """Format a number of songs: 12,921."""
    return f"{value:,}"


def seconds(value: float) -> str:
    """Format a duration in seconds: 0.05 s, 12.3 s, 3.4 min."""
    if value >= 2 * MINUTE:
        return f"{value / MINUTE:.1f} min"
    return f"{value:.2f} s" if value < 1 else f"{value:.1f} s"


def milliseconds(value: float) -> str:
    """Format a latency in milliseconds: 0.021 ms, 4.3 ms."""
    return f"{value:.3f} ms" if value < 1 else f"{value:.1f} ms"


def size(value: int) -> str:
    """Format a number of bytes in decimal units: 34 kB, 1.2 MB."""
    if value < KILO * KILO:
        return f"{value / KILO:.1f} kB" if value < 10 * KILO else f"{value / KILO:.0f} kB"
    return f"{value / KILO / KILO:.1f} MB"


def setting(value: Any) -> str:
    """Format a hyperparameter: 300, 0.1, sqrt, none."""
    if value is None:
        return "none"
    if isinstance(value, float):
        return f"{value:g}"
    return str(value)


def feature(value: float, unit: str) -> str:
    """Format a feature's value by its unit: 0.64, 126 BPM, 3:47, F sharp, minor."""
    match unit:
        case "0-1":
            return short(value)
        case "ms":
            minutes, rest = divmod(round(value / KILO), MINUTE)
            return f"{minutes}:{rest:02}"
        case "pitch class, 0 is C":
            return PITCHES[round(value)]
        case "1 major, 0 minor":
            return "major" if value else "minor"
        case _:
            return _minus(f"{value:.0f} {unit}")


def listed(words: list[str]) -> str:
    """Join words as a list in a sentence: a, b and c."""
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def _minus(text: str) -> str:
    return text.replace("-", MINUS)
