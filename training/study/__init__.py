"""The study: models, data and labels compared, and the report about them."""
