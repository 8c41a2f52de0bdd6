"""Idempotency-Key (draft-ietf-httpapi-idempotency-key-header): a repeated command is answered, not redone."""

import functools
import hashlib
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any, overload

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.http import QueryDict
from psycopg import errors as pg
from rest_framework.request import Request
from rest_framework.response import Response

from ecommerce.clock import now
from ecommerce.connections import is_lost, renew
from ecommerce.errors import Conflict, Fault, Invalid
from ecommerce.http import idempotency_store as store
from ecommerce.http.idempotency_store import Command, Stored
from ecommerce.http.sealing import fingerprints, seal, unseal
from ecommerce.http.throttling import address_of
from ecommerce.http.views import ReadyResponse, viewer_of
from ecommerce.http.wire import canonical_json, to_json

Method = Callable[..., Response]
_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_KEPT_HEADERS = ("Location", "ETag", "Link", "Content-Location", "Cache-Control")
_ATTEMPTS = 3


class KeyMissing(Invalid):
    code = "idempotency/key-missing"
    title = "Send Idempotency-Key"


class KeyReused(Invalid):
    """The same key came with another request."""

    code = "idempotency/key-reused"
    title = "The Idempotency-Key was used for another request"


class StillRunning(Conflict):
    """The first request with this key has not been answered yet."""

    code = "idempotency/in-progress"
    title = "The first request with this Idempotency-Key is still running"


@overload
def idempotent(method: Method, /) -> Method: ...
@overload
def idempotent(
    *,
    durable: bool = True,
    required: bool = False,
    lease_seconds: int = 60,
    keep_hours: int | None = None,
) -> Callable[[Method], Method]: ...
def idempotent(
    method: Method | None = None,
    /,
    *,
    durable: bool = True,
    required: bool = False,
    lease_seconds: int = 60,
    keep_hours: int | None = None,
) -> Method | Callable[[Method], Method]:
    """Make a view method answer a repeated Idempotency-Key with its first response.

    The method runs in one transaction together with the record of its response: both are there, or
    neither. A refusal that it raises changes nothing and is not kept. With ``durable=False`` the
    method speaks to the outside and runs without a transaction: a lease, taken before and given back
    with the response, keeps others out meanwhile; when its holder dies, the lease runs out and the
    next request with the key runs the method again, which must be idempotent in itself.
    Answers are kept for ``keep_hours``, or as long as the settings say (IDEMPOTENCY_HOURS).
    """

    def decorate(function: Method) -> Method:
        run = _in_one_transaction if durable else functools.partial(_leased, lease_seconds)

        @functools.wraps(function)
        def wrapper(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
            key = key_of(request)
            if key is None and required:
                raise KeyMissing
            call = functools.partial(function, view, request, *args, **kwargs)
            if key is None:
                return _retried(call, keyed=False) if durable else call()
            return run(command_of(request, key, keep_hours), call)

        wrapper.idempotent = True  # type: ignore[attr-defined]  # read by the OpenAPI document
        wrapper.key_required = required  # type: ignore[attr-defined]  # likewise
        return wrapper

    return decorate if method is None else decorate(method)


def key_of(request: Request) -> str | None:
    """The key, from the header (a quoted string or bare) or from ``idempotencyKey`` of the body."""
    header = request.META.get("HTTP_IDEMPOTENCY_KEY")
    body = request.data.get("idempotencyKey") if isinstance(request.data, dict) else None
    if header is None:
        return None if body is None else _checked(body, "/idempotencyKey")
    key = _checked(_unquoted(header.strip()), "Idempotency-Key")
    if body is not None and body != key:
        raise Invalid(
            "The Idempotency-Key of the header is not the one of the body.",
            faults=[Fault(pointer="/idempotencyKey", detail="Differs from the header.")],
        )
    return key


def _unquoted(header: str) -> str:
    if len(header) >= 2 and header[0] == header[-1] == '"':
        return re.sub(r"\\(.)", r"\1", header[1:-1])
    return header


def _checked(key: Any, pointer: str) -> str:
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        detail = "1 to 255 visible ASCII characters."
        raise Invalid(
            "The Idempotency-Key is not one.", faults=[Fault(pointer=pointer, detail=detail)]
        )
    return key


def command_of(request: Request, key: str, keep_hours: int | None = None) -> Command:
    """Who repeats what: the caller and the operation scope the key, the rest makes the fingerprint."""
    viewer = viewer_of(request)
    if viewer.user_id is not None:
        caller = f"user:{viewer.user_id}"
    elif viewer.guest_token_hash is not None:
        caller = f"guest:{viewer.guest_token_hash}"
    else:
        caller = f"anonymous:{address_of(request)}"
    match = request.resolver_match
    operation = f"{request.method} {match.route if match else request.path}"
    return Command(
        id=hashlib.sha256("\n".join((caller, operation, key)).encode()).digest(),
        caller=caller[:200],
        operation=operation[:300],
        key=key,
        fingerprints=fingerprints(_digest(request)),
        expires_at=now() + timedelta(hours=keep_hours or settings.IDEMPOTENCY_HOURS),
    )


def _digest(request: Request) -> bytes:
    digest = hashlib.sha256(request.get_full_path().encode())
    body = request.data
    if isinstance(body, QueryDict):
        body = dict(body.lists())
        for name, upload in request.FILES.items():
            body[name] = [upload.name, _digest_of(upload)]
    if isinstance(body, dict):
        body = {name: value for name, value in body.items() if name != "idempotencyKey"}
    digest.update(b"\0" + canonical_json(body))
    return digest.digest()


def _digest_of(upload: Any) -> str:
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()


def _in_one_transaction(command: Command, call: Callable[[], Response]) -> Response:
    def attempt() -> Response:
        free, stored = store.claim(command)
        if stored is not None:
            return _replay(command, stored)
        if not free:
            raise StillRunning(retry_after_seconds=1)
        response = _ready(call())
        if response.status_code < 500:
            store.keep(command, _stored(command, response))
        return response

    return _retried(attempt, keyed=True)


def _retried(attempt: Callable[[], Response], *, keyed: bool) -> Response:
    """Again where the database asks for it or is gone: everything that was done is undone by then.

    Only a commit that was not answered may be done. With a key, the next attempt finds its answer.
    """
    for left in reversed(range(_ATTEMPTS)):
        committing = False
        try:
            with transaction.atomic():
                response = attempt()
                committing = not keyed
            return response
        except store.KeyTaken:
            if not left:
                raise StillRunning(retry_after_seconds=1) from None
        except (OperationalError, InterfaceError) as error:
            lost = is_lost(error) and not committing
            again = lost or isinstance(
                error.__cause__, pg.SerializationFailure | pg.DeadlockDetected
            )
            if not again or not left or transaction.get_connection().in_atomic_block:
                raise
            if lost:
                renew()
    raise AssertionError("unreachable")


def _leased(lease_seconds: int, command: Command, call: Callable[[], Response]) -> Response:
    lease, stored = store.take_lease(command, seconds=lease_seconds)
    if stored is not None:
        return _replay(command, stored)
    if lease is None:
        raise StillRunning(retry_after_seconds=1)
    try:
        response = _ready(call())
        if response.status_code < 500:
            store.keep_leased(command, lease, _stored(command, response))
    except BaseException as error:
        if is_lost(error):
            renew()
        store.give_back(command, lease)
        raise
    if response.status_code >= 500:
        store.give_back(command, lease)
    return response


def _ready(response: Response) -> ReadyResponse:
    """Rendered now, so that what is stored and what is sent are the same bytes."""
    if isinstance(response, ReadyResponse):
        return response
    body = b"" if response.data is None else to_json(response.data)
    ready = ReadyResponse(body, response.data, status=response.status_code)
    for name, value in response.items():
        if name != "Content-Type":
            ready[name] = value
    return ready


def _stored(command: Command, response: ReadyResponse) -> Stored:
    headers = {name: response[name] for name in _KEPT_HEADERS if response.has_header(name)}
    return Stored(
        fingerprint=command.fingerprint,
        status=response.status_code,
        headers=headers,
        body=seal(response.rendered_content, of=command.id),
    )


def _replay(command: Command, stored: Stored) -> Response:
    if stored.fingerprint not in command.fingerprints:
        raise KeyReused
    return ReadyResponse(
        unseal(stored.body, of=command.id),
        status=stored.status,
        headers={**stored.headers, "Idempotency-Replayed": "true"},
    )
