"""The second kind of model: listens to sound and returns tags, genres and measured values.

A sound goes through three steps: `decoding` reads the file in a process of its own, `tagger` runs
the networks on spectrograms, and `listener` puts what they say together in a `Heard`.
"""
