"""Web: a chat on one page, served on this computer, without an account."""
