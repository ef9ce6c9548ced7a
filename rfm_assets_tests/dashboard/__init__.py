"""Tests of the dashboard, over a sample shop's published copy."""
