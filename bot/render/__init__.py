"""Charts: composed as vector shapes, painted with Pillow on a worker thread."""
