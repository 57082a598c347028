"""Charts as SVG, drawn for the width of a phone; a page may show them larger, never smaller."""
