"""The verbs of `python -m training`, one module each.

`add` says a verb's options; `run` does it and yields lines for the person who waits, as they come.
"""
