"""How often one key and one address may ask. Counted in memory, forgotten when the window has passed."""

from __future__ import annotations

import ipaddress
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass

from limits import RateLimitItem
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from summarizer.service.limits import UNIT, Limits, rates, units
from summarizer.service.problems import TooOften


@dataclass(frozen=True, slots=True)
class Caller:
    """Whom to count: the hash of a key, empty without one, and the address."""

    key: str
    address: str


class Rates:
    """Counts what each caller asks for, in units of work: one for an article, more for a long one."""

    def __init__(self, limits: Limits) -> None:
        self._per_key, self._per_address = rates(limits.key_rate), rates(limits.address_rate)
        # Two numbers for each caller, whatever it asks; a moving window would keep every request.
        self._window = SlidingWindowCounterRateLimiter(MemoryStorage())

    def spend(self, caller: Caller, units: int = 1) -> None:
        """Count so many units.

        Raises:
            TooOften: over the rate of the key or of the address.
        """
        if units < 1:
            return
        named = [("address", caller.address, rate) for rate in self._per_address]
        named += [("key", caller.key, rate) for rate in self._per_key if caller.key]
        for what, who, rate in named:
            self._check(rate, (what, who), units)
        for what, who, rate in named:  # none is charged for what another refuses
            self._window.hit(rate, what, who, cost=units)

    def spend_rest(self, caller: Caller, sizes: Sequence[int]) -> None:
        """Count what articles of so many characters are over the unit that every request counts.

        One article by itself never costs more than a rate allows: a long one has to wait until all else is forgotten,
        and is not refused for ever.

        Raises:
            TooOften: as :meth:`spend`.
        """
        rest = sum(map(units, sizes)) - 1
        if len(sizes) == 1:
            rates = self._per_address + (self._per_key if caller.key else [])
            rest = min([rest, *(rate.amount - 1 for rate in rates)])
        self.spend(caller, rest)

    def _check(self, rate: RateLimitItem, who: tuple[str, str], units: int) -> None:
        if self._window.test(rate, *who, cost=units):
            return
        wait = math.ceil(self._window.get_window_stats(rate, *who).reset_time - time.time())
        hopeless = units >= rate.amount  # the first of a batch was counted already
        rest = f"; send {rate.amount} at a time at most, of {UNIT:,} characters each" if hopeless else ""
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
