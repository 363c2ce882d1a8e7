"""Tests: sentences about outcomes."""
