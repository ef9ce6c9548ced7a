"""Tests of how unusable texts are classified and reported."""
