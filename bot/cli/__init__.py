"""The command line: the verbs of `python -m bot`, one module for each that has something to do."""
