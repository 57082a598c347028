"""onnxruntime, imported when a model is first loaded, and kept from calling home."""

import os
from typing import Any, Final

QUIET: Final = 3
"""onnxruntime's log level "errors only"."""

NO_TELEMETRY: Final = "ORT_DISABLE_TELEMETRY"
"""Without it, onnxruntime 1.32 writes a device id into ~/.cache at its import and reports use."""


def session(model: bytes) -> Any:
    """Return an onnxruntime session for `model`, on the calling thread; raises what that raises."""
    os.environ.setdefault(NO_TELEMETRY, "1")  # read at the import
    import onnxruntime as ort  # noqa: PLC0415 - 0.3 s that commands without a model save

    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = QUIET
    options.enable_cpu_mem_arena = False
    return ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
