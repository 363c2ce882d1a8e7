"""How a delivery goes out over HTTP: to addresses outside alone, whatever the name resolves to at that moment.

requests-hardened resolves the name once, refuses inner addresses, connects to what it looked at, and follows no
redirect. Its list is made stricter here: only what is globally reachable counts as outside.
"""

from __future__ import annotations

import ipaddress
from typing import Any

import requests
from requests_hardened import Config, HTTPSession
from requests_hardened.ip_filter import InvalidIPAddress
from requests_hardened.ip_filter_adapter import IPFilterAdapter

from kaiyuan import __version__

TIMES = (5, 10)
"""Seconds to connect, and between bytes of the answer."""


def post(address: str, *, body: bytes, headers: dict[str, str], allow_loopback: bool = False) -> str:
    """Post a body; give an empty text for an answer of 200 to 299, else a short code of what was wrong.

    `allow_loopback` is for tests, which listen on this machine.
    """
    if not address.startswith(("https://", "http://")):
        return "refused"
    with _session(allow_loopback) as session:
        try:
            # The answer's body is never read: nobody here wants it, and it may have no end.
            with session.post(address, data=body, headers=headers, stream=True) as answer:
                if 200 <= answer.status_code < 300:
                    return ""
                return f"{'redirect' if answer.is_redirect else 'http'}:{answer.status_code}"
        except InvalidIPAddress:
            return "inside"
        except requests.exceptions.SSLError:
            return "tls"
        except requests.exceptions.Timeout:
            return "timeout"
        except requests.exceptions.ConnectionError:
            return "unreachable"
        except (requests.RequestException, ValueError, UnicodeError):
            # A name or address that no library can make sense of.
            return "refused"


def is_outside(address: str) -> bool:
    """Tell whether an IP address is one of the public internet, by itself and by any address packed into it."""
    ip = ipaddress.ip_address(address.strip("[]").partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return is_outside(str(ip.ipv4_mapped))
        if ip.sixtofour is not None or ip.teredo is not None or ip.is_site_local:
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved and not ip.is_unspecified


class _OutsideOnly(IPFilterAdapter):  # type: ignore[misc]
    def __init__(self, *, is_https_proto: bool, allow_loopback: bool) -> None:
        super().__init__(is_https_proto=is_https_proto, allow_loopback=allow_loopback)
        self._loopback = allow_loopback

    def build_connection_pool_key_attributes(self, *given: Any, **named: Any) -> Any:
        host, pool = super().build_connection_pool_key_attributes(*given, **named)
        pinned = host["host"].strip("[]")
        if not is_outside(pinned) and not (self._loopback and ipaddress.ip_address(pinned).is_loopback):
            raise InvalidIPAddress(pinned)
        return host, pool


def _session(allow_loopback: bool) -> HTTPSession:
    session = HTTPSession(
        Config(
            ip_filter_enable=True,
            ip_filter_allow_loopback_ips=allow_loopback,
            never_redirect=True,
            default_timeout=TIMES,
            user_agent_override=f"Kaiyuan/{__version__}",
        )
    )
    # Proxies, credentials and certificates of the environment are for other programs of this machine.
    session.trust_env = False
    session.mount("http://", _OutsideOnly(is_https_proto=False, allow_loopback=allow_loopback))
    session.mount("https://", _OutsideOnly(is_https_proto=True, allow_loopback=allow_loopback))
    return session
