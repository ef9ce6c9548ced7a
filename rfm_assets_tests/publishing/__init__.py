"""Tests of what leaves the pipeline."""
