"""Charts and cards to share: vector shapes, painted off the event loop."""
