"""What a song sounds like: the feature schema, the bundles and the classifier that serves them."""
