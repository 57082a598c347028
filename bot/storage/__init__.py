"""The database: answers, messages, votes, deliveries and secrets, through SQLAlchemy Core, no ORM.

SQLite by default, PostgreSQL by its URL. `open.open_stores` opens it; one class each fits the ports
PredictionStore, MessageStore, FeedbackStore, EventLog, SettingsStore, StatsStore and Vault.
"""
