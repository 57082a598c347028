"""Selects the joblib backend of the fits: local processes or a Dask cluster.

Dask is imported only if a cluster is used.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Final

import joblib

from training.errors import TrainingError

LOCAL: Final = "local"
CONNECT_TIMEOUT: Final = 20
"""In seconds."""


class NoCluster(TrainingError):
    """The requested cluster cannot be used."""


@contextmanager
def backend(cluster: str | None, processes: int) -> Iterator[None]:
    """Set the joblib backend within the context.

    `cluster` is the address of a Dask scheduler whose workers have this project and one thread
    each, "local" to start one on this machine with so many `processes`, or None for processes
    without Dask. Raises NoCluster: Dask is not installed, the scheduler does not respond, or it has
    no workers.
    """
    if cluster is None:
        with joblib.parallel_config(backend="loky", inner_max_num_threads=1):
            yield
        return
    try:
        from distributed import Client, LocalCluster  # noqa: PLC0415 - optional
    except ImportError:
        raise NoCluster("--cluster needs Dask: pip install 'dask[distributed]'") from None
    with ExitStack() as stack:
        address = cluster
        if cluster == LOCAL:
            # Dask serves HTTP even without a dashboard address: on all interfaces, at a fixed port.
            local = LocalCluster(  # type: ignore[no-untyped-call] # half typed
                n_workers=processes, threads_per_worker=1, dashboard_address="127.0.0.1:0"
            )
            address = stack.enter_context(local).scheduler_address
        try:
            client = Client(address, timeout=CONNECT_TIMEOUT)  # type: ignore[no-untyped-call]
            stack.enter_context(client).wait_for_workers(1, timeout=CONNECT_TIMEOUT)
        except (OSError, ValueError) as error:
            raise NoCluster(f"no Dask cluster with workers at {address}: {error}") from None
        stack.enter_context(joblib.parallel_config(backend="dask"))
        yield
