"""Set up, run, test and measure Analytics Maestro. Standard library only: it runs before anything is installed."""
