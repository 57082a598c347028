"""Creates onnxruntime sessions, with onnxruntime's telemetry disabled."""

import os
from typing import Any, Final

LOG_ERRORS: Final = 3
"""onnxruntime's log level for errors only."""

DISABLE_TELEMETRY: Final = "ORT_DISABLE_TELEMETRY"
"""Unless it is set, onnxruntime 1.32 writes a device id to ~/.cache on import and reports usage."""


def session(model: bytes) -> Any:
    """Return a single-threaded onnxruntime session for a serialised ONNX model."""
    os.environ.setdefault(DISABLE_TELEMETRY, "1")  # read on import
    import onnxruntime as ort  # noqa: PLC0415 - takes 0.3 s, which commands without a model save

    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = LOG_ERRORS
    options.enable_cpu_mem_arena = False
    return ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
