"""Several labels at once."""

from .binary_relevance import BinaryRelevance

__all__ = ["BinaryRelevance"]
