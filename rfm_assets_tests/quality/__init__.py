"""The counts of each day."""
