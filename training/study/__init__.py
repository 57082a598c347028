"""The study: reproduces the original study on public tables and compares it with other models."""
