"""Tests of the warehouse: opening it, the safe write, and how assets store and read their rows."""
