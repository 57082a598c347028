"""Lines on what makes no label."""

from collections.abc import Iterator

from training.feedback.reading import VotesRead
from training.feedback.votes import Agreement


def lines(votes: VotesRead, agreement: Agreement) -> Iterator[str]:
    """Yield a line for each reason why votes do not count, or tracks have no label."""
    groups = (
        ("votes", votes.left_out),
        ("votes", agreement.votes_left_out),
        ("tracks", agreement.left_out),
    )
    for what, reasons in groups:
        for reason, count in reasons.items():
            yield f"feedback: {count} {what} stay out: {reason}"
