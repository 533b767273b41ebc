"""Stages, graph types and plugins: what is planned, what is handed on, how far a run is."""
