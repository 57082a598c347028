"""What a score on one split does not show."""
