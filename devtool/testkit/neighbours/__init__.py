"""The services Analytics Maestro lives among, as small real HTTP servers on loopback, for tests and benches."""
