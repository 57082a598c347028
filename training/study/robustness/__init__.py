"""Robustness experiments: effects that a score on one test split does not show."""
