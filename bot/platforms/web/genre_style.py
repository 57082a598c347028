"""The style sheet with the colours of genres."""

from typing import Final

from model.genre_colours import genre_colours

NAME: Final = "genres.css"
"""File name among the static files."""


def genre_style() -> str:
    """Return rules that give elements with `data-genre` the genre's colour, as `--genre`."""
    light, dark = genre_colours("light"), genre_colours("dark")
    return "".join(
        f'[data-genre="{genre}"] {{ --genre: light-dark({light[genre]}, {dark[genre]}); }}\n'
        for genre in light
    )
