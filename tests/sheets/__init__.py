"""Tests of the sheets room: messy files in, accounted rows out."""
