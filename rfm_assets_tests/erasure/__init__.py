"""Tests of erasing a customer, and of exporting what is stored about one."""
