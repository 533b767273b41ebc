"""Rules over an inventory, in eight forms: holds, broken, or cannot be told. Pure."""
