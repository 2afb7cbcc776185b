# SPDX-License-Identifier: Apache-2.0
"""What a post reads, as calls: terms, notices, inbox, watch, what was known to whom, and the log's head and proofs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

import msgspec

from standclear.client.answers import (
    Details,
    Entry,
    Health,
    InboxPage,
    Item,
    KnownPage,
    One,
    Page,
    TermsAnswer,
    View,
    Watch,
)
from standclear.client.consenting import Consents
from standclear.client.feed import Feed
from standclear.client.grading import Grade, Witnessed, read_witnessed
from standclear.client.keys import Keys, OneKey
from standclear.client.link import Link, decoded
from standclear.client.moving import Departure
from standclear.client.posts import Posts
from standclear.client.proof import Pinned, verified_details
from standclear.client.talking import Phrases, Threads

T = TypeVar("T")


class Reads:
    """The reads of one centre or mirror, over one link."""

    def __init__(self, link: Link, pinned: Pinned | None) -> None:
        """Nothing is asked yet."""
        self._link, self._pinned = link, pinned

    def health(self) -> Health:
        """Whether the centre takes commands."""
        response = self._link.get("/v1/health")
        if response.status_code == 503:
            return msgspec.json.decode(response.content, type=Health)
        return decoded(Health, response)

    def checkpoint(self) -> str:
        """The signed head of the log."""
        return self._link.get("/log/checkpoint").text

    def feed(self) -> Feed:
        """The log's head, tiles and proven parts, by the same connection."""
        return Feed(self._link)

    def witnessed(self) -> Witnessed | None:
        """The newest head that bears the terms' quorum, verified with keys learnt from the log; None without one."""
        return read_witnessed(self.feed(), self._pinned)

    def grade(self, entry: int, witnessed: Witnessed | None, leaf: str = "") -> Grade:
        """Recorded or witnessed, by a head of `witnessed()`; with a receipt's leaf, whether that very entry is."""
        return witnessed.grade(entry, leaf) if witnessed else Grade.RECORDED

    def terms(self, **query: str) -> TermsAnswer:
        """The terms of reference. This and every other read: `as_known_at`, `valid_at`."""
        return self._link.read(TermsAnswer, "/v1/terms", query)

    def notice(self, notice: str, **query: str) -> Item:
        """One notice of any sort."""
        return self._link.read(One, f"/v1/notices/{notice}", query).item

    def details(self, notice: str, **query: str) -> Details:
        """Names, contacts, plates sent beside a notice; held against the commitment that came with them."""
        return verified_details(self._link.read(Details, f"/v1/notices/{notice}/details", query))

    def departure(self, notice: str, **query: str) -> Departure:
        """What is still open before a movement or flight of this actor's departs."""
        return self._link.read(Departure, f"/v1/notices/{notice}/departure", query)

    def activity(self, activity: str, **query: str) -> Item:
        """One activity."""
        return self._link.read(One, f"/v1/activities/{activity}", query).item

    def notices(self, **query: str) -> Iterator[Item]:
        """Sites, movements, areas and stops: `box`, `kind`, `status`, `after`, `limit`."""
        return self._items("/v1/notices", query)

    def activities(self, **query: str) -> Iterator[Item]:
        """Activities, by the same query."""
        return self._items("/v1/activities", query)

    def page(self, path: str, **query: str) -> Page:
        """One page of notices with all that is said beside them."""
        return self._link.read(Page, path, query)

    def inbox(self, after: int = -1, **query: str) -> Iterator[View]:
        """The views of this actor after an entry."""
        start: int | None = after
        while start is not None:
            page = self._link.read(InboxPage, "/v1/inbox", {"after": str(start), **query})
            yield from page.items
            start = page.next

    def watch(self, **query: str) -> Watch:
        """What is open: who has not answered, what is blocked, overdue or may be airborne."""
        return self._link.read(Watch, "/v1/watch", query)

    def consents(self, **query: str) -> Consents:
        """Who must consent to what, who has, who blocks; of one `notice` or one `party`, or all."""
        return self._link.read(Consents, "/v1/consents", query)

    def posts(self, **query: str) -> Posts:
        """Rosters, who is on watch, what was handed over, which desk nobody took."""
        return self._link.read(Posts, "/v1/posts", query)

    def keys(self, **query: str) -> Keys:
        """Every key of the log, standing or revoked; open invitations; posts being given new keys. `actor`: one's."""
        return self._link.read(Keys, "/v1/keys", query)

    def key(self, key: str, **query: str) -> OneKey:
        """One key and what it signed, as far as this actor was shown it: `since`, `after`, `limit`."""
        return self._link.read(OneKey, f"/v1/keys/{key}", query)

    def threads(self, **query: str) -> Threads:
        """What was said on the hotline: `notice`, `other`, `language`."""
        return self._link.read(Threads, "/v1/threads", query)

    def phrases(self, **query: str) -> Phrases:
        """What can be said in a phrase, in a `language`."""
        return self._link.read(Phrases, "/v1/phrases", query)

    def known(self, to: str, at: str, **query: str) -> KnownPage:
        """What a recipient had been sent by a time, about a place (`near`, `radius_m`) or at all; all pages as one."""
        asked = {"to": to, "at": at, **query}
        page = first = self._link.read(KnownPage, "/v1/known", asked)
        items = list(first.items)
        # A time would come to mean another size if an entry were recorded between two pages.
        asked["at"] = str(first.as_of.size)
        while page.next is not None:
            page = self._link.read(KnownPage, "/v1/known", {**asked, "after": page.next})
            items += page.items
        return msgspec.structs.replace(first, items=tuple(items), next=None)

    def entry(self, seq: int, **query: str) -> Entry:
        """One entry as far as this actor was shown it."""
        return self._link.read(Entry, f"/v1/entries/{seq}", query)

    def look(self, kind: type[T], path: str, query: Mapping[str, str]) -> T:
        """Any resource, in a session."""
        return self._link.read(kind, path, query)

    def ask(self, kind: type[T], path: str, body: bytes) -> T:
        """Post a question, in a session; nothing is recorded."""
        return self._link.post_in_session(kind, path, body, {})

    def _items(self, path: str, query: Mapping[str, str]) -> Iterator[Item]:
        asked = dict(query)
        while True:
            page = self._link.read(Page, path, asked)
            yield from page.items
            if page.next is None:
                return
            asked["after"] = page.next
