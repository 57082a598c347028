"""The database: answers, messages, votes and deliveries, through SQLAlchemy Core, without an ORM.

SQLite by default; another database is another URL. `engine.open_database` opens it, one class each
fits the ports PredictionStore, MessageStore, FeedbackStore and EventLog.
"""
