"""SVG charts, drawn for the width of a phone; pages may enlarge them but not shrink them."""
