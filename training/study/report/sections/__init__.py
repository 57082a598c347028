"""Sections of the report; each module has a function that returns a section as markup."""
