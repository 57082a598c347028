"""Clients of outside services: track lookups, feature providers, covers."""
