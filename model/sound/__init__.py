"""The second kind of model: listens to sound and returns tags, genres and measured values.

A sound goes through three steps: `decoding` reads the file in a process of its own, `networks` runs
the tagger's networks on spectrograms, and `listener` puts what they say together in a `Heard`.
"""
