"""`python -m bot`: the command line. Exit codes: 0, 1 (no answer), 69 (unavailable), 78 (setup)."""

import sys

INTERRUPTED = 130

if __name__ == "__main__":
    try:
        from bot.cli.main import main  # Ctrl-C during these imports is no error

        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
