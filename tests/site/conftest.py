"""Tests of the site as a whole know the same cast as those of its apps."""

from tests.apps.conftest import cast, client_of, other_zone

__all__ = ["cast", "client_of", "other_zone"]
