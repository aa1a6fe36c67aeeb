"""Filters on answers."""

from .entropy_threshold import entropy_threshold

__all__ = ["entropy_threshold"]
