"""asyncio building blocks: single flight, rate limiter, debouncer, keyed locks, task tracker."""
