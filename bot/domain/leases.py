"""Port of leases: work that one process at a time does."""

from datetime import timedelta
from typing import Final, Protocol

RETRAINING: Final = "retraining"
"""Name of the lease of the process that trains."""

ANNOUNCING: Final = "announcing"
"""Name of the lease of the process that informs the owner's channel."""

SHADOWING: Final = "shadow"
"""Name of the lease of the process that decides on candidates."""


class Leases(Protocol):
    """Gives names to owners for a time. Methods raise StorageFailed.

    An owner is a process. A lease that has ended may be taken by any other one.
    """

    async def take(self, name: str, owner: str, length: timedelta) -> bool:
        """Take a lease that is free, has ended or is the owner's; return whether it was.

        All owners take a lease of a name for the same length. One that ends much later from now
        was taken with a wrong clock, and has ended.
        """

    async def renew(self, name: str, owner: str, length: timedelta) -> bool:
        """Extend an owner's lease from now on; False if another owner has it, or none."""

    async def release(self, name: str, owner: str) -> None:
        """End an owner's lease; that of another one stays."""
