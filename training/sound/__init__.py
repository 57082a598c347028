"""Measures and teaches the model that listens to sound."""
