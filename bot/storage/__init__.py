"""Database, through SQLAlchemy Core: one store for each port.

SQLite by default, PostgreSQL by URL. `stores.open_stores` opens it; one class implements each of
the ports PredictionStore, MessageStore, VoteStore, EventLog, SettingsStore, StatsStore and Vault.
"""
