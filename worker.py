"""The worker pool: ``python worker.py``. Stops on SIGTERM after the stages in hand."""

import sys

from analytics.workers.pool import main

if __name__ == "__main__":
    sys.exit(main())
