"""Tests of the whole deployment: real servers, driven the way the UI drives them."""
