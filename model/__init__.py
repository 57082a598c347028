"""Genre classification: the feature schema, model bundles, and the classifier that serves them."""
