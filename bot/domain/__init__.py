"""Values, rules and ports. Pure: no I/O, no vendor's package, no other layer of the bot."""
