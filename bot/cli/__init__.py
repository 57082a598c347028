"""Command line: one module for each command of `python -m bot`."""
