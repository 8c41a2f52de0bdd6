"""Forged, foreign, stale and mangled access tokens, each made of a good one."""

import base64
import hmac
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from apps.accounts.domain.tokens import ACCESS, ALGORITHM
from apps.accounts.services._keys import key_ring
from ecommerce.clock import now


def parts_of(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    claims = jwt.decode(token, options={"verify_signature": False})
    return jwt.get_unverified_header(token), claims


def resigned(token: str, *, header: dict[str, Any] | None = None, **claims: Any) -> str:
    """The same token with other claims, signed by our own key: only the claims are wrong."""
    head, body = parts_of(token)
    body = {name: value for name, value in {**body, **claims}.items() if value is not None}
    key = key_ring().keys[key_ring().signing_key_id]
    return jwt.encode(body, key, algorithm=ALGORITHM, headers={**head, **(header or {})})


def token_with_header(token: str, **changed: Any) -> str:
    """Signed by our key over a header that PyJWT would not write."""
    head, body = parts_of(token)
    head = {name: value for name, value in {**head, **changed}.items() if value is not None}
    return hs256(head, body, key_ring().keys[key_ring().signing_key_id])


def hs256(head: dict[str, Any], body: dict[str, Any], key: bytes) -> str:
    """An HMAC over anything with anything, which PyJWT is too careful to make."""
    text = f"{encoded(head)}.{encoded(body)}"
    signature = hmac.digest(key, text.encode(), "sha256")
    return f"{text}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def encoded(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def unsigned(token: str, **header: Any) -> str:
    head, body = parts_of(token)
    return f"{encoded({**head, **header})}.{encoded(body)}."


def rsa_signed(token: str) -> str:
    head, body = parts_of(token)
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return jwt.encode(body, key, algorithm="RS256", headers={"kid": head["kid"], "typ": ACCESS})


def hmac_with_public_key(token: str) -> str:
    """The classic confusion: a public key, which everybody knows, taken for the HMAC secret."""
    head, body = parts_of(token)
    public = rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key()
    pem = public.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return hs256(head, body, pem)


FORGERIES: dict[str, Callable[[str], str]] = {
    "alg none": lambda token: unsigned(token, alg="none"),
    "alg None in capitals": lambda token: unsigned(token, alg="NONE"),
    "signature cut off": lambda token: token.rpartition(".")[0] + ".",
    "signature of nothing": lambda token: token.rpartition(".")[0] + ".AAAA",
    "RS256 with a key of one's own": rsa_signed,
    "HS256 with a public key": hmac_with_public_key,
    "HS512 with our key": lambda token: jwt.encode(
        parts_of(token)[1],
        key_ring().keys[key_ring().signing_key_id],
        algorithm="HS512",
        headers={"kid": key_ring().signing_key_id, "typ": ACCESS},
    ),
    "another secret": lambda token: jwt.encode(
        parts_of(token)[1], "guess" * 10, headers=parts_of(token)[0]
    ),
    "an empty secret": lambda token: hs256(*parts_of(token), b""),
    "expired": lambda token: resigned(token, exp=now() - timedelta(seconds=5)),
    "not yet valid": lambda token: resigned(token, nbf=now() + timedelta(minutes=1)),
    "issued in the future": lambda token: resigned(token, iat=now() + timedelta(minutes=1)),
    "another audience": lambda token: resigned(token, aud="another-shop"),
    "another issuer": lambda token: resigned(token, iss="evil"),
    "no expiry": lambda token: resigned(token, exp=None),
    "no subject": lambda token: resigned(token, sub=None),
    "no session": lambda token: resigned(token, sid=None),
    "no audience": lambda token: resigned(token, aud=None),
    "subject is no id": lambda token: resigned(token, sub="1 OR 1=1"),
    "session of nobody": lambda token: resigned(token, sid="01890000-0000-7000-8000-000000000000"),
    "another subject": lambda token: resigned(token, sub="01890000-0000-7000-8000-000000000000"),
    "unknown key id": lambda token: resigned(token, header={"kid": "other"}),
    "key id that is a path": lambda token: resigned(token, header={"kid": "../../dev/null"}),
    "key id that is SQL": lambda token: resigned(token, header={"kid": "' UNION SELECT 'x"}),
    "key id that is a list": lambda token: token_with_header(token, kid=["a"]),
    "no key id": lambda token: token_with_header(token, kid=None),
    "kind missing": lambda token: token_with_header(token, typ=None),
    "kind of a refresh token": lambda token: resigned(token, header={"typ": "rt+jwt"}),
    "a key sent along": lambda token: resigned(
        token, header={"jwk": {"kty": "oct", "k": "AAAA"}, "kid": "jwk"}
    ),
    "not a token": lambda token: "nonsense",
    "empty": lambda token: "",
    "not ASCII": lambda token: "é.ü.ß",
    "a body that is no object": lambda token: ".".join(
        (token.split(".")[0], "W10", token.split(".")[2])
    ),
}
