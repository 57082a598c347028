"""Pages with an address of their own: songs, searches, comparisons, what if."""
