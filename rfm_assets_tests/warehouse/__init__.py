"""Tests of the warehouse: opening it, the safe write, and what assets give to it and get from it."""
