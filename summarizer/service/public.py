"""Which addresses belong to the public internet. All others are somebody's own network, and not to be fetched from."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address

_UNICAST = ip_network("2000::/3")  # all of IPv6 that is given out; mapped, translated and local ones lie outside
# Python's own lists leave these out, some only in older versions.
_NOT_PUBLIC = tuple(
    ip_network(network)
    for network in (
        "168.63.129.16/32",  # the host of a virtual machine on Azure
        "192.0.0.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "2001::/23",  # Teredo and other protocols
        "2002::/16",  # 6to4: holds any IPv4 address
        "3fff::/20",  # documentation
    )
)


def is_public(address: Address) -> bool:
    """Whether the address is reached over the internet, by everybody the same way."""
    if isinstance(address, IPv6Address) and (address.scope_id is not None or address not in _UNICAST):
        return False
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    return not any(address in network for network in _NOT_PUBLIC)


async def resolve(host: str, port: int) -> Sequence[str]:
    """All addresses of a name, as the system knows them; numbers in any spelling are names too."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(socket_address[0]) for *_, socket_address in found))


def parsed(addresses: Sequence[str]) -> list[Address]:
    """The addresses as values.

    Raises:
        ValueError: one is no address.
    """
    return [ip_address(address) for address in addresses]
