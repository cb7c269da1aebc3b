"""Keeping as little as possible, as briefly as possible."""
