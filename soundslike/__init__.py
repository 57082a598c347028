"""The command `soundslike`: the command lines of `bot`, `model` and `training` in one."""

__version__ = "0.2.0"
