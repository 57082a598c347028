"""Where tracks are looked up: one module a source, all behind `ports.TrackCatalog`."""
