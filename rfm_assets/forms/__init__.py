"""Describes delivered texts that fail a rule: the kind of each, the way out, and the most common ones for a check."""
