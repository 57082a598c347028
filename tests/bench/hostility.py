"""Measures how far hostile people move the labels.

python -m tests.bench.hostility
"""

from typing import Final

from tests.support.simulated_attacks import ATTACKS, BEYOND, CROWDS, measure

SEEDS: Final = range(8)


def main() -> None:
    """Print a table: crowds, attacks, labels moved and lost, and labels with the true genre."""
    print("| crowd | a fifth are | hostile votes | labels | moved | lost | right before | after |")
    print("|---|---|---|---|---|---|---|---|")
    for name, crowd in CROWDS.items():
        for attack, votes in {**ATTACKS, **BEYOND}.items():
            found = measure(crowd, votes, SEEDS)
            print(
                f"| {name} | {attack} | {found.votes:.0%} | {found.labels:.0f} "
                f"| {found.moved:.1%} | {found.lost:.1%} "
                f"| {found.right_before:.1%} | {found.right_after:.1%} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
