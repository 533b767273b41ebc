"""The infra graph: what runs where, how big, how redundant."""
