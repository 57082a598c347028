"""Creates onnxruntime sessions, with onnxruntime's telemetry disabled."""

import os
from functools import cache
from typing import Any, Final

LOG_ERRORS: Final = 3
"""onnxruntime's log level for errors only."""

DISABLE_TELEMETRY: Final = "ORT_DISABLE_TELEMETRY"
"""Unless it is set, onnxruntime 1.32 writes a device id to ~/.cache on import and reports usage."""

AS_REQUESTED: Final = 1
"""Strategy of an arena that grows by what is asked for, rather than to the next power of two."""


def session(model: bytes, *, shared_arena: bool = False) -> Any:
    """Return a single-threaded onnxruntime session for a serialised ONNX model.

    Args:
        model: The model.
        shared_arena: Keep the memory of intermediate values for the next run, in an arena that all
            such sessions of the process share. For models whose intermediate values are large:
            without it, the allocator of the C library fragments. The memory is never returned.
    """
    os.environ.setdefault(DISABLE_TELEMETRY, "1")  # read on import
    import onnxruntime as ort  # noqa: PLC0415 - takes 0.3 s, which commands without a model save

    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = LOG_ERRORS
    options.enable_cpu_mem_arena = shared_arena
    if shared_arena:
        _register_arena()
        options.enable_mem_pattern = False  # it would take one block for a whole run
        options.add_session_config_entry("session.use_env_allocators", "1")
    return ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])


@cache
def _register_arena() -> None:
    """Create the arena that sessions of this process can share."""
    import onnxruntime as ort  # noqa: PLC0415 - as above

    place = ort.OrtMemoryInfo(
        "Cpu", ort.OrtAllocatorType.ORT_ARENA_ALLOCATOR, 0, ort.OrtMemType.DEFAULT
    )
    config = ort.OrtArenaCfg({"arena_extend_strategy": AS_REQUESTED})
    ort.create_and_register_allocator(place, config)
