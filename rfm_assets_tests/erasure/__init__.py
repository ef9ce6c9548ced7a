"""Tests of erasure, of what is held of a customer, and of who is left out of campaigns."""
