"""Listens to sounds, in processes of its own."""
