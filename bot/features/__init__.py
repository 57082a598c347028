"""Where audio features come from: one module a source, all behind `ports.FeatureProvider`."""
