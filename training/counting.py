"""Counts in sentences."""


def counted(count: float, noun: str) -> str:
    """Return a count with its noun, as in "1 vote", "2 votes", "1.5 hours"."""
    number = count if isinstance(count, int) else f"{count:g}"
    return f"{number} {noun}{'' if count == 1 else 's'}"
