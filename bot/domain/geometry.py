"""Points and lines of pictures: x to the right, y downwards."""

Point = tuple[float, float]
Line = tuple[Point, ...]
