"""The script that converts the tagger's networks; it runs in an environment of its own."""
