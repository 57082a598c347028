"""Points and lines of pictures: x to the right, y downwards.

Beside `spokes.py`, so that the processes that draw need not load the model's schema.
"""

Point = tuple[float, float]
Line = tuple[Point, ...]
