# SPDX-License-Identifier: Apache-2.0
"""Whom a connection under TLS believes: the usual authorities, or the one of a centre's own and no other."""

from __future__ import annotations

import os
import ssl
from typing import Final

from standclear.errors import Malformed

VARIABLE: Final = "STANDCLEAR_CA"
"""Names the certificate of an authority of one's own (PEM); with it no other is believed."""


def trusted() -> ssl.SSLContext | bool:
    """What is checked of a server's certificate.

    Raises:
        Malformed: the file named is not there, or holds no certificate.
    """
    file = os.environ.get(VARIABLE, "")
    if not file:
        return True
    try:
        return ssl.create_default_context(cafile=file)
    except OSError as error:
        raise Malformed(
            f"this authority cannot be used: {error.strerror or error}",
            where=f"{VARIABLE} {file}",
            expected="a PEM file with the certificate of your own authority",
        ) from None


def why_not_trusted(error: BaseException | None) -> str:
    """What was wrong with a server's certificate, where that is why there is no connection; else nothing."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return error.verify_message
        error = error.__cause__ or error.__context__
    return ""
