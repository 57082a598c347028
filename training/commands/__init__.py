"""The work of the commands of `python -m training`: each yields lines of output."""
