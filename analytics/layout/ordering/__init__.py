"""Phases that decide the order of what stands in each column."""
