"""From public tables of audio features to the bundles that `model` serves."""
