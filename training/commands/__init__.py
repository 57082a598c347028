"""The commands of `python -m training`, one module each.

`add` adds the command's parser; `run` executes it and yields lines of output.
"""
