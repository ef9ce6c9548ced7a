"""Tests of exports: presets, formats of numbers and dates, and landing."""
