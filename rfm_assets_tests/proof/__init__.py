"""Tests of whether scores and segments predict what customers do."""
