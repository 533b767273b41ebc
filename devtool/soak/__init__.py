"""The soak: many graphs while everything goes wrong, and what is measured in the same deployment."""
