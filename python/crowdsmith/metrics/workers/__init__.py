"""Metrics of workers."""

from .accuracy_on_aggregates import accuracy_on_aggregates

__all__ = ["accuracy_on_aggregates"]
