"""Measures how far hostile people move the labels.

python -m tests.bench.hostility
"""

from typing import Final

from tests.support.simulated_attacks import ATTACKS, CROWDS, DISGUISED, measure

SEEDS: Final = range(8)


def main() -> None:
    """Print a table: crowds, attacks, labels moved, and labels with the true genre."""
    print("| crowd | a fifth are | labels | moved | right before | right after |")
    print("|---|---|---|---|---|---|")
    attacks = {**ATTACKS, DISGUISED: lambda crowd: crowd.disguised_brigade(12)}
    for name, crowd in CROWDS.items():
        for attack, votes in attacks.items():
            found = measure(crowd, votes, SEEDS)
            print(
                f"| {name} | {attack} | {found.labels:.0f} | {found.moved:.1%} "
                f"| {found.right_before:.1%} | {found.right_after:.1%} |"
            )


if __name__ == "__main__":
    main()
