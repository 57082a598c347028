"""Log lines about charts, for the operator."""


def not_stored(folder: object, error: OSError) -> str:
    """Return that charts cannot be written to their folder."""
    reason = error.strerror or error
    return f"charts are kept in memory only, as they cannot be stored in {folder}: {reason}"


def process_failed(error: OSError) -> str:
    """Return that a process did not draw a chart."""
    return f"a drawing process failed, its chart is drawn in the bot's own: {error}"
