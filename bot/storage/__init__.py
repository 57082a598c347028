"""The database: answers, messages, votes and deliveries, through SQLAlchemy Core, without an ORM.

SQLite by default, PostgreSQL by its URL. `open.open_stores` opens it; one class each fits the ports
PredictionStore, MessageStore, FeedbackStore, EventLog, SettingsStore and StatsStore.
"""
