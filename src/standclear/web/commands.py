# SPDX-License-Identifier: Apache-2.0
"""The one door in: the exact bytes of a command, its key and signature beside it.

201 means recorded, whatever the verdict. Anything else means that nothing was logged.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping
from concurrent.futures import Future
from typing import Annotated, Final

import msgspec
from fastapi import APIRouter, Header, Request, Response
from starlette.concurrency import run_in_threadpool

from standclear.admission import CONSENT, DETAILS, SALT_BYTES, Submission
from standclear.centre.submitted import Recorded
from standclear.core.codec import MAX_COMMAND_BYTES, decode_command, encode
from standclear.core.commands import AnyCommand, Check
from standclear.errors import Malformed, NotPermitted, StandclearError
from standclear.web.auth import Reader
from standclear.web.held import Held, HeldDep, ReaderDep, held_by, session_of
from standclear.web.openapi import answers, body_of
from standclear.web.problems import problem_of
from standclear.web.receipts import check_answer, receipt_of
from standclear.web.wire import Document, answered, read_body
from standclear.web.wire_commands import (
    Batch,
    BatchAnswer,
    BatchItem,
    BatchResult,
    CheckAnswer,
    LooseBatch,
    Receipt,
)

router = APIRouter()
INLINE_BYTES: Final = 4_096
"""Longer commands are admitted beside the event loop: a polygon's check takes milliseconds (shorter ones: no gain)."""
MAX_HEADER_DOCUMENT: Final = 16_384
KEY_HEADER, SIGNATURE_HEADER = "Standclear-Key", "Standclear-Signature"
CONSENT_HEADER, DETAILS_HEADER = "Standclear-Consent", "Standclear-Details"
BASE64URL: Final = r"^[A-Za-z0-9_-]+={0,2}$"
PATTERNS: Final[Mapping[str, str]] = {
    KEY_HEADER: r"^[0-9a-f]{32}$",
    SIGNATURE_HEADER: r"^[0-9a-f]{128}$",
    CONSENT_HEADER: BASE64URL,
    DETAILS_HEADER: BASE64URL,
}

KeyHeader = Annotated[
    str, Header(alias=KEY_HEADER, pattern=PATTERNS[KEY_HEADER], description="id of the signing key")
]
SignatureHeader = Annotated[
    str,
    Header(
        alias=SIGNATURE_HEADER,
        pattern=PATTERNS[SIGNATURE_HEADER],
        description="Ed25519 signature in hex over `standclear/command/1\\n` and the body",
    ),
]
ConsentHeader = Annotated[
    str | None,
    Header(
        alias=CONSENT_HEADER,
        max_length=MAX_HEADER_DOCUMENT,
        pattern=BASE64URL,
        description="base64url of 32 bytes of salt and the consent document",
    ),
]
DetailsHeader = Annotated[
    str | None,
    Header(
        alias=DETAILS_HEADER,
        max_length=MAX_HEADER_DOCUMENT,
        pattern=BASE64URL,
        description="base64url of 32 bytes of salt and the details document",
    ),
]


@router.post(
    "/v1/commands",
    status_code=201,
    responses=answers({201: Receipt}),
    openapi_extra=body_of(AnyCommand),
)
async def post_command(
    request: Request,
    key: KeyHeader,
    signature: SignatureHeader,
    consent: ConsentHeader = None,
    details: DetailsHeader = None,
) -> Response:
    """Record one command. Receipt and events come back only in a session of the author's party."""
    return await answer_command(request, await request.body(), key, signature, consent, details)


async def answer_command(
    request: Request, raw: bytes, key: str, signature: str, consent: str | None, details: str | None
) -> Response:
    """Record one command whose headers are of the right form, and answer it."""
    held = held_by(request)
    submission = Submission(raw, key, bytes.fromhex(signature), _from_headers(consent, details))
    recorded = await record(held, submission)
    reader = session_of(request)
    headers = {}
    if reader is None and "authorization" in request.headers:
        # The command stands; that its receipt is missing is the session's doing, and is said.
        headers["WWW-Authenticate"] = 'Bearer realm="standclear", error="invalid_token"'
    return answered(receipt_of(held.centre.snapshot, recorded, reader), 201, headers)


@router.post(
    "/v1/checks",
    status_code=201,
    responses=answers({201: CheckAnswer}),
    openapi_extra=body_of(Check),
)
async def post_check(
    request: Request, held: HeldDep, reader: ReaderDep, key: KeyHeader, signature: SignatureHeader
) -> Response:
    """Ask what if: logged, and compared only with what was released to the asker."""
    raw = await request.body()
    if not isinstance(decode_command(raw), Check):
        raise Malformed("this is not a check", where="command.command", expected="check")
    holder = held.centre.snapshot.state.keys.get(key)
    if holder is not None and holder.actor != reader.actor:
        raise NotPermitted("a check is asked in a session of its own author", where="Standclear-Key")
    recorded = await record(held, Submission(raw, key, bytes.fromhex(signature)))
    return answered(check_answer(held.centre.snapshot, recorded, reader), 201)


@router.post("/v1/prepare", responses=answers({200: AnyCommand}), openapi_extra=body_of(AnyCommand))
async def prepare(request: Request) -> Response:
    """Spell a command canonically: these bytes are what is looked at, signed and posted."""
    command: AnyCommand = read_body(AnyCommand, await request.body(), "command")  # type: ignore[arg-type]
    raw = encode(command)
    decode_command(raw)
    digest = hashlib.sha256(raw).hexdigest()
    return Response(raw, 200, {"Standclear-SHA256": digest}, "application/json")


@router.post(
    "/v1/commands/batch",
    responses=answers({200: BatchAnswer, 207: BatchAnswer}),
    openapi_extra=body_of(Batch),
)
async def post_batch(request: Request, held: HeldDep) -> Response:
    """Record many commands, each decided on its own; 207 when any was not recorded.

    All are admitted against the log as it stood when the batch came, so that none can build on another.
    """
    batch = read_body(LooseBatch, await request.body(), "batch")
    reader = session_of(request)
    waiting = await run_in_threadpool(_submit_all, held, batch.commands)
    await held.returning.wait(*(one for one in waiting if isinstance(one, Future)))
    results = [_result(held, reader, one) for one in waiting]
    status = 200 if all(result.status == 201 for result in results) else 207
    exercise = held.centre.snapshot.state.exercise
    return answered(BatchAnswer(exercise=exercise, results=tuple(results)), status)


def _submit_all(held: Held, items: tuple[msgspec.Raw, ...]) -> list[Future[Recorded] | StandclearError]:
    """Queue every item that can be admitted; what is wrong with the others."""
    waiting: list[Future[Recorded] | StandclearError] = []
    for number, item in enumerate(items):
        try:
            submission = _submission(read_body(BatchItem, item, f"commands[{number}]"))
            waiting.append(held.centre.submit(submission, held.limits.command))
        except StandclearError as error:
            waiting.append(error)
    return waiting


def _result(held: Held, reader: Reader | None, one: Future[Recorded] | StandclearError) -> BatchResult:
    try:
        recorded = one.result() if isinstance(one, Future) else one
    except StandclearError as error:
        recorded = error
    if isinstance(recorded, StandclearError):
        problem = problem_of(recorded)
        return BatchResult(status=problem.status, problem=problem)
    answer = receipt_of(held.centre.snapshot, recorded, reader)
    return BatchResult(status=201, answer=answer)


async def record(held: Held, submission: Submission) -> Recorded:
    """Have a command admitted, decided and recorded."""
    if len(submission.raw) <= INLINE_BYTES:
        answer = held.centre.submit(submission, held.limits.command)
    else:
        answer = await run_in_threadpool(held.centre.submit, submission, held.limits.command)
    await held.returning.wait(answer)
    return answer.result()


def _submission(item: BatchItem) -> Submission:
    documents = ((CONSENT, item.consent), (DETAILS, item.details))
    sent = {name: _opened(document) for name, document in documents if document is not None}
    return Submission(item.command.encode(), item.key, bytes.fromhex(item.signature), sent)


def _opened(document: Document) -> tuple[bytes, bytes]:
    return bytes.fromhex(document.salt), document.body.encode()


def _from_headers(consent: str | None, details: str | None) -> Mapping[str, tuple[bytes, bytes]]:
    documents = ((CONSENT, consent), (DETAILS, details))
    return {name: _unfolded(name, text) for name, text in documents if text is not None}


def _unfolded(name: str, text: str) -> tuple[bytes, bytes]:
    """Salt and bytes of an attachment as a header carries it."""
    try:
        sent = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        raise Malformed(
            "not base64url", where=f"Standclear-{name.title()}", expected="base64url of salt and bytes"
        ) from None
    return sent[:SALT_BYTES], sent[SALT_BYTES:]


MAX_BODY: Final[Mapping[str, int]] = {
    "/v1/commands": MAX_COMMAND_BYTES,
    "/v1/checks": MAX_COMMAND_BYTES,
    "/v1/prepare": 2 * MAX_COMMAND_BYTES,
    "/v1/duplicates": 2 * MAX_COMMAND_BYTES,
    "/v1/exposure": 2 * MAX_COMMAND_BYTES,
    "/v1/features": 5 * 1_048_576,
    "/v1/commands/batch": 16 * 1_048_576,
}
"""Longest body by path; any other has at most what the guard allows."""
