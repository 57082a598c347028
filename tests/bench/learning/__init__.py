"""`make bench-learning`: simulated people correct a weakened model, which is retrained."""
