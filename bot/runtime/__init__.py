"""Everything that exists once per process: settings, composition root, logging, health."""
