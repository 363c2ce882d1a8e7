"""A small issuer of OpenID Connect on this machine: it says who somebody is, or misbehaves as it is told to."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "kaiyuan", "issuer-secret"


@dataclass
class Issuer:
    """What the issuer says next, and what it was asked."""

    address: str = ""
    sub: str = "sub-1"
    says: dict[str, Any] = field(default_factory=dict)
    fails_at: str = ""
    challenges: dict[str, str] = field(default_factory=dict)
    key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))

    def answer(self, path: str, form: dict[str, str], headers: Any) -> tuple[int, dict[str, Any]]:
        """Answer one request."""
        if self.fails_at and path.startswith(self.fails_at):
            return 500, {"error": "server_error"}
        match path.split("?")[0]:
            case "/.well-known/openid-configuration":
                return 200, {
                    "issuer": self.address,
                    "authorization_endpoint": f"{self.address}/authorize",
                    "token_endpoint": f"{self.address}/token",
                    "userinfo_endpoint": f"{self.address}/userinfo",
                    "jwks_uri": f"{self.address}/keys",
                    "token_endpoint_auth_methods_supported": ["client_secret_post"],
                }
            case "/token":
                return self._token(form)
            case "/userinfo" if headers["Authorization"] == "Bearer access-1":
                return 200, {"sub": self.sub, "name": "外部姓名"}
        return 404, {"error": "not_found"}

    def _token(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        proof = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest())
        known = self.challenges.pop(form["code"], None)
        if form.get("client_secret") != SECRET or known != proof.decode().rstrip("="):
            return 400, {"error": "invalid_grant"}
        told = {
            "iss": self.address,
            "aud": CLIENT,
            "sub": self.sub,
            "exp": time.time() + 60,
            "iat": time.time(),
        }
        token = jwt.encode(told | self.says, self.key, algorithm="RS256", headers={"kid": "1"})
        return 200, {"access_token": "access-1", "token_type": "Bearer", "id_token": token}


@contextmanager
def serving(issuer: Issuer) -> Iterator[Issuer]:
    """Serve an issuer on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer({})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._answer({name: values[0] for name, values in parse_qs(body).items()})

        def _answer(self, form: dict[str, str]) -> None:
            status, said = issuer.answer(self.path, form, self.headers)
            body = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *words: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    issuer.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
