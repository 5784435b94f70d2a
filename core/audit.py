"""Writing the audit trail: `record` is called by services inside their transaction, after the write.

Only `record` and `anchor_heads` write audit rows. Facts are plain JSON values about what changed (levels, states,
counts, hashes, ids): never the text of a plan, so that the trail may be read by auditors who may not read plans.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.db import connection, transaction
from django.db.models import F, Model
from django.utils import timezone

from core.models import AuditAnchor, AuditAnchorEntry, AuditChain, AuditEvent

if TYPE_CHECKING:
    from accounts.models import User


GENESIS: Final = "0" * 64
ANCHOR_BATCH: Final = 5000
VERIFY_BATCH: Final = 5000

request_id: ContextVar[str] = ContextVar("request_id", default="")


def chain_key(target: Model) -> str:
    """The case a thing belongs to when the caller names no other: the thing itself."""
    return f"{target._meta.label_lower}:{target.pk}"


def record(
    *,
    actor: User | None,
    action: str,
    target: Model,
    facts: Mapping[str, object] | None = None,
    case: str = "",
) -> AuditEvent:
    """Append one event to the chain of `case` (default: the target's own).

    Must run in the caller's transaction: the event commits or vanishes with the change that it records. The chain's
    head row is locked first, so two writers of one case queue and two cases never wait for each other.
    """
    if not connection.in_atomic_block:
        msg = "audit.record must run inside the transaction of the change"
        raise RuntimeError(msg)
    key = case or chain_key(target)
    chain = lock(key)
    event = AuditEvent(
        chain=chain,
        seq=chain.head_seq + 1,
        action=action,
        actor=actor,
        target_type=target._meta.label_lower,
        target_id=str(target.pk),
        facts=json.loads(canonical(facts or {})),
        at=timezone.now(),
        request_id=request_id.get(),
        prev_hash=chain.head_hash,
    )
    event.hash = event_hash(event, key)
    event.save(force_insert=True)
    AuditChain.objects.filter(pk=chain.pk).update(head_seq=event.seq, head_hash=event.hash)
    return event


def lock(case: str) -> AuditChain:
    """The chain of a case, made if it is the first time; nobody else writes to it before the transaction ends."""
    found = AuditChain.objects.select_for_update().filter(key=case).first()
    if found is not None:
        return found
    # Whoever was first in the meantime has made it.
    AuditChain.objects.bulk_create([AuditChain(key=case)], ignore_conflicts=True)
    return AuditChain.objects.select_for_update().get(key=case)


def is_recent(*, case: str, action: str, within: timedelta) -> bool:
    """Whether the case has such an event already: for what others can bring about as often as they like."""
    found = AuditEvent.objects.filter(chain__key=case, action=action, at__gt=timezone.now() - within)
    return found.exists()


def canonical(value: object) -> str:
    """JSON with sorted keys and no white space; UUIDs, dates and Decimals as text."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)


def event_hash(event: AuditEvent, key: str) -> str:
    body = canonical(
        [
            key,
            event.seq,
            event.action,
            str(event.actor_id or ""),
            event.target_type,
            event.target_id,
            event.facts,
            _instant(event.at),
            event.request_id,
            event.prev_hash,
        ]
    )
    return hashlib.sha256(body.encode()).hexdigest()


def _instant(at: datetime) -> str:
    # Both databases keep microseconds; the text is fixed to UTC so that a session's time zone cannot change a hash.
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def anchor_heads(*, at: datetime | None = None) -> AuditAnchor | None:
    """Commit to the heads that moved since the last anchor; None when nothing moved.

    One transaction for at most ANCHOR_BATCH chains; the schedule calls it until it returns None.
    """
    with transaction.atomic():
        previous = AuditAnchor.objects.select_for_update().order_by("-pk").first()
        chains = list(
            AuditChain.objects.select_for_update().filter(head_seq__gt=F("anchored_seq")).order_by("pk")[:ANCHOR_BATCH]
        )
        if not chains:
            return None
        heads = [[chain.key, chain.head_seq, chain.head_hash] for chain in chains]
        anchor = AuditAnchor(
            at=at or timezone.now(),
            entries_count=len(heads),
            entries_digest=hashlib.sha256(canonical(heads).encode()).hexdigest(),
            prev_hash=previous.hash if previous else GENESIS,
        )
        anchor.hash = anchor_hash(anchor)
        anchor.save(force_insert=True)
        AuditAnchorEntry.objects.bulk_create(
            [AuditAnchorEntry(anchor=anchor, chain=c, seq=c.head_seq, hash=c.head_hash) for c in chains]
        )
        for chain in chains:
            chain.anchored_seq = chain.head_seq
        AuditChain.objects.bulk_update(chains, ["anchored_seq"], batch_size=500)
        return anchor


def anchor_hash(anchor: AuditAnchor) -> str:
    body = canonical([_instant(anchor.at), anchor.entries_count, anchor.entries_digest, anchor.prev_hash])
    return hashlib.sha256(body.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Verification:
    """What a walk over everything found; `problem` is empty when every chain and anchor holds."""

    chains: int
    events: int
    anchors: int
    problem: str = ""


def verify_all() -> Verification:
    """Walk every chain and every anchor; stop at the first break and name it.

    Found: a changed or removed event, a gap, a forged hash, a head that does not match, a tail cut off after it was
    anchored, a chain removed after it was anchored, a changed or removed anchor.
    """
    counts = {"chains": 0, "events": 0, "anchors": 0}
    problem = next(_problems(counts), "")
    return Verification(counts["chains"], counts["events"], counts["anchors"], problem)


def _problems(counts: dict[str, int]) -> Iterator[str]:
    # A generator that yields only breaks: the caller takes the first.
    yield from _chain_problems(counts)
    yield from _anchor_problems(counts)


def _chain_problems(counts: dict[str, int]) -> Iterator[str]:
    chains = {c.pk: c for c in AuditChain.objects.iterator(chunk_size=VERIFY_BATCH)}
    counts["chains"] = len(chains)
    heads: dict[int, tuple[int, str]] = {}
    events = AuditEvent.objects.order_by("chain_id", "seq").iterator(chunk_size=VERIFY_BATCH)
    for event in events:
        counts["events"] += 1
        key = chains[event.chain_id].key
        seq, prev = heads.get(event.chain_id, (0, GENESIS))
        if event.seq != seq + 1:
            yield f"{key}: event {seq + 1} is missing (found {event.seq})"
        if event.prev_hash != prev:
            yield f"{key}: event {event.seq} does not follow the one before it"
        if event_hash(event, key) != event.hash:
            yield f"{key}: event {event.seq} was changed"
        heads[event.chain_id] = (event.seq, event.hash)
    for chain in chains.values():
        if heads.get(chain.pk, (0, GENESIS)) != (chain.head_seq, chain.head_hash):
            yield f"{chain.key}: the chain's end does not match its head (event {chain.head_seq})"


def _anchor_problems(counts: dict[str, int]) -> Iterator[str]:
    prev = GENESIS
    for anchor in AuditAnchor.objects.order_by("pk").iterator(chunk_size=200):
        counts["anchors"] += 1
        if anchor.prev_hash != prev or anchor_hash(anchor) != anchor.hash:
            yield f"anchor {anchor.pk} was changed or does not follow the one before it"
        entries = list(anchor.entries.order_by("chain_id").values_list("chain__key", "seq", "hash", "chain_id"))
        digest = hashlib.sha256(canonical([[k, s, h] for k, s, h, _ in entries]).encode()).hexdigest()
        if len(entries) != anchor.entries_count or digest != anchor.entries_digest:
            yield f"anchor {anchor.pk}: its list of heads was changed"
        known = (
            set(
                AuditEvent.objects.filter(
                    chain_id__in=[c for *_, c in entries], hash__in=[h for _, _, h, _ in entries]
                ).values_list("chain_id", "seq", "hash")
            )
            if len(entries) <= _IN_LIMIT
            else None
        )
        for key, seq, digest_, chain_id in entries:
            found = (
                (chain_id, seq, digest_) in known
                if known is not None
                else AuditEvent.objects.filter(chain_id=chain_id, seq=seq, hash=digest_).exists()
            )
            if not found:
                yield f"{key}: anchored event {seq} is gone (anchor {anchor.pk})"
        prev = anchor.hash


_IN_LIMIT: Final = 400
