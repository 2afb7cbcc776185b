# SPDX-License-Identifier: Apache-2.0
"""What happens to the terms after entry 0: proposed, assented to, in force, applied to what stands."""

from __future__ import annotations

import msgspec

from standclear.core.terms import Terms


class TermsProposed(msgspec.Struct, frozen=True, tag_field="event", tag="terms_proposed"):
    """A party proposes other terms, whole, and with that assents to them; its earlier proposal is open no more."""

    actor: str
    post: str
    terms: Terms
    at_us: int


class ProposalAssented(msgspec.Struct, frozen=True, tag_field="event", tag="proposal_assented"):
    """A party assented to the proposed terms of this hash."""

    actor: str
    post: str
    hash: str
    at_us: int


class TermsReplaced(msgspec.Struct, frozen=True, tag_field="event", tag="terms_replaced"):
    """The proposed terms of this hash are in force from the next entry on; every other proposal is open no more."""

    hash: str
    at_us: int


class TermsApplied(msgspec.Struct, frozen=True, tag_field="event", tag="terms_applied"):
    """What stands is judged by the terms that came into force just before; what follows comes of that."""

    hash: str
    at_us: int
