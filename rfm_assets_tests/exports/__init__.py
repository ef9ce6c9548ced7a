"""Exports: presets, forms of numbers and dates, landing."""
