"""How often one key and one address may ask. Counted in memory, forgotten when the window has passed."""

from __future__ import annotations

import ipaddress
import math
import time
from dataclasses import dataclass

from limits import RateLimitItem
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from summarizer.service.limits import Limits, rates
from summarizer.service.problems import TooOften


@dataclass(frozen=True, slots=True)
class Caller:
    """Whom to count: the hash of a key, empty without one, and the address."""

    key: str
    address: str


class Rates:
    """Counts what each caller asks for, one for each article."""

    def __init__(self, limits: Limits) -> None:
        self._per_key, self._per_address = rates(limits.key_rate), rates(limits.address_rate)
        # Two numbers for each caller, whatever it asks; a moving window would keep every request.
        self._window = SlidingWindowCounterRateLimiter(MemoryStorage())

    def spend(self, caller: Caller, articles: int = 1) -> None:
        """Count so many articles.

        Raises:
            TooOften: over the rate of the key or of the address.
        """
        if articles < 1:
            return
        named = [("address", caller.address, rate) for rate in self._per_address]
        named += [("key", caller.key, rate) for rate in self._per_key if caller.key]
        for what, who, rate in named:
            self._check(rate, (what, who), articles)
        for what, who, rate in named:  # none is charged for what another refuses
            self._window.hit(rate, what, who, cost=articles)

    def _check(self, rate: RateLimitItem, who: tuple[str, str], articles: int) -> None:
        if self._window.test(rate, *who, cost=articles):
            return
        wait = math.ceil(self._window.get_window_stats(rate, *who).reset_time - time.time())
        hopeless = articles >= rate.amount  # the first of a batch was counted already
        rest = f"; send {rate.amount} at a time at most" if hopeless else ""
        raise TooOften(f"over the rate of {rate} for one {who[0]}{rest}; try again later", retry_after=max(1, wait))


def address_of(client: tuple[str, int] | None) -> str:
    """What counts as one address: IPv6 by its network of 64 bits, of which one customer has all."""
    host = client[0] if client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped or ipaddress.ip_network((address.packed[:8] + bytes(8), 64)))
    return host
