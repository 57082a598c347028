"""The gate: whether a candidate may replace the active model."""
