"""Database, through SQLAlchemy Core: answers, messages, votes, deliveries, settings, secrets.

SQLite by default, PostgreSQL by URL. `stores.open_stores` opens it; one class implements each of
the ports PredictionStore, MessageStore, VoteStore, EventLog, SettingsStore, StatsStore and Vault.
"""
