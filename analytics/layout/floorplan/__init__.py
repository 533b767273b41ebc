"""Scopes that hold boxes: how the boxes are packed, and how lines find their way between them."""
