"""The old name of `crowdsmith.metrics.workers`."""

from ..workers import accuracy_on_aggregates

__all__ = ["accuracy_on_aggregates"]
