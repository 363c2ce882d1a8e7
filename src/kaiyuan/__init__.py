"""Kaiyuan 开园: the open operating system of a high-tech zone."""

__version__ = "0.1.0"
