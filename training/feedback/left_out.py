"""Lines on what makes no label."""

from collections.abc import Iterator

from training.counting import counted
from training.feedback.reading import VotesRead
from training.feedback.votes import Agreement


def stay_out(count: int, noun: str) -> str:
    """Return how many votes or tracks stay out, as in "1 vote stays out", "2 votes stay out"."""
    return f"{counted(count, noun)} {'stays' if count == 1 else 'stay'} out"


def lines(votes: VotesRead, agreement: Agreement) -> Iterator[str]:
    """Yield a line for each reason why votes do not count, or tracks have no label."""
    groups = (
        ("vote", votes.left_out),
        ("vote", agreement.votes_left_out),
        ("track", agreement.left_out),
    )
    for what, reasons in groups:
        for reason, count in reasons.items():
            yield f"feedback: {stay_out(count, what)}: {reason}"
