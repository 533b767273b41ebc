"""Answers about an inventory: what follows when something fails. Pure functions over frozen records."""
