"""The picture on a card: composed as shapes, painted with Pillow, off the event loop."""
