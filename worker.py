"""The worker pool: ``python worker.py``. Stops on SIGTERM after the stages in hand; SIGHUP loads the plugins anew."""

import sys

from analytics.workers.launcher import main

if __name__ == "__main__":
    sys.exit(main())
