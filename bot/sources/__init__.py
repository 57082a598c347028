"""Clients of outside services and data about music: track lookups, feature providers, links."""
