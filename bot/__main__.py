"""`python -m bot`: the command line. Exit codes: 0, 1 (no answer), 69 (unavailable), 78 (setup)."""

import sys

from bot.cli.main import main

sys.exit(main(sys.argv[1:]))
