"""The run's own state in Redis, and everything that changes it."""
