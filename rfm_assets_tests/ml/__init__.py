"""Tests of the clusters of customers."""
