"""The study that Soundslike grew out of, rebuilt on public tables, beaten, and held to account."""
