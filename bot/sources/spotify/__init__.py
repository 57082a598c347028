"""Spotify's Web API through spotipy."""
