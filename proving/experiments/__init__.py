"""The experiments, a file for each kind of harm."""

from proving.experiments import buyers, consumers

__all__ = ["buyers", "consumers"]
