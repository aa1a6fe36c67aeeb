"""Metrics of data and of workers."""

from . import data, performers, workers

__all__ = ["data", "performers", "workers"]
