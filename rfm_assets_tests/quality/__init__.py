"""Tests of the quality tables."""
