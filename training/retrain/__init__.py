"""Retraining: a candidate from the active model or from tables, and corrections."""
