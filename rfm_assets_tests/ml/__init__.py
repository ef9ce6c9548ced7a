"""Tests of customer clustering."""
