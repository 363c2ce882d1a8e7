"""The same policies in each engine's own language, written to files that a reader can open and judge."""
