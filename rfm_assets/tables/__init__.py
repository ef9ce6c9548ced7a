"""Turns tables into assets: inputs, steps, checks, and thinned days.

A table's columns are in `contracts`, its rule in its layer; nothing here knows a particular table.
"""
