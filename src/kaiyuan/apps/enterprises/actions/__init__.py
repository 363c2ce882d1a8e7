"""Writes of the app: each function is one act, in one transaction with its event."""

from kaiyuan.apps.enterprises.actions.registering import Registered, refresh_profiles, register

__all__ = ["Registered", "refresh_profiles", "register"]
