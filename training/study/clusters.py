"""Where the pieces are worked out: on this machine by joblib, or on a Dask cluster.

`dask` and `distributed` are imported only when a cluster is asked for.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Final

import joblib

from training.errors import TrainingError

LOCAL: Final = "local"
CONNECT_SECONDS: Final = 20


class NoCluster(TrainingError):
    """The cluster asked for cannot be used."""


@contextmanager
def backend(cluster: str | None, processes: int) -> Iterator[None]:
    """Let joblib work here (None), on a local Dask cluster ("local") or on one at an address.

    The workers of a cluster need this project and its packages, and one thread each. Raises
    NoCluster when the packages are missing, nothing answers at the address or no worker is there.
    """
    if cluster is None:
        with joblib.parallel_config(backend="loky", inner_max_num_threads=1):
            yield
        return
    try:
        from distributed import Client, LocalCluster  # noqa: PLC0415 - optional
    except ImportError:
        raise NoCluster(
            "--cluster needs Dask, which is not installed: pip install 'dask[distributed]'"
        ) from None
    with ExitStack() as stack:
        address = cluster
        if cluster == LOCAL:
            local = LocalCluster(  # type: ignore[no-untyped-call] # half typed
                n_workers=processes, threads_per_worker=1, dashboard_address=None
            )
            address = stack.enter_context(local).scheduler_address
        try:
            client = Client(address, timeout=CONNECT_SECONDS)  # type: ignore[no-untyped-call]
        except (OSError, ValueError) as error:
            raise NoCluster(f"no Dask cluster at {address}: {error}") from None
        stack.enter_context(client)
        try:
            client.wait_for_workers(1, timeout=CONNECT_SECONDS)
        except OSError:
            raise NoCluster(f"the Dask cluster at {address} has no workers") from None
        stack.enter_context(joblib.parallel_config(backend="dask"))
        yield
