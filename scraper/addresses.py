"""Which addresses may be called, judged on the numeric address that is connected to and on nothing else.

A name is resolved once, every answer is judged, and the connection goes to a judged answer: between
the check and the call no second look-up happens that could answer otherwise. The ranges are those of
the IANA special-purpose registries (RFC 6890) and of every mechanism that hides an IPv4 address in
an IPv6 one.
"""

from __future__ import annotations

import queue
import re
import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

from urllib3.exceptions import LocationParseError
from urllib3.util import Url, parse_url

from scraper.errors import FetchError, Refused
from scraper.pace import Deadline

PORTS = (80, 443)
NO_PRIVATE_HINT = "give the address of a public page, or save the page in a browser and give the file"
PRIVATE_HINT = "pass --allow-private if this host is yours"

# Opened by `allow_private`: hosts of one's own machine or network.
PRIVATE_NETWORKS = {
    ip_network("10.0.0.0/8"): "a private address",
    ip_network("100.64.0.0/10"): "an address of a carrier's or overlay's inner network",
    ip_network("127.0.0.0/8"): "this machine itself",
    ip_network("172.16.0.0/12"): "a private address",
    ip_network("192.168.0.0/16"): "a private address",
    ip_network("::1/128"): "this machine itself",
    ip_network("fc00::/7"): "a private address",
}
# Never opened: no statement is published there.
SPECIAL_NETWORKS = {
    ip_network("0.0.0.0/8"): "an unspecified address",
    ip_network("169.254.0.0/16"): "a link-local address, where clouds keep their credentials",
    ip_network("192.0.0.0/24"): "reserved for protocols",
    ip_network("192.0.2.0/24"): "reserved for documentation",
    ip_network("192.88.99.0/24"): "a 6to4 relay",
    ip_network("198.18.0.0/15"): "reserved for measurements",
    ip_network("198.51.100.0/24"): "reserved for documentation",
    ip_network("203.0.113.0/24"): "reserved for documentation",
    ip_network("224.0.0.0/4"): "a multicast address",
    ip_network("240.0.0.0/4"): "a reserved address",
    ip_network("::/96"): "an unspecified address, or an IPv4 address in an IPv6 one",
    ip_network("::ffff:0:0:0/96"): "an IPv4 address in an IPv6 one",
    ip_network("64:ff9b::/96"): "an IPv4 address in an IPv6 one (NAT64)",
    ip_network("64:ff9b:1::/48"): "an IPv4 address in an IPv6 one (NAT64)",
    ip_network("100::/64"): "a discarded address",
    ip_network("2001::/23"): "reserved for protocols (Teredo, ORCHID)",
    ip_network("2001:db8::/32"): "reserved for documentation",
    ip_network("2002::/16"): "an IPv4 address in an IPv6 one (6to4)",
    ip_network("3fff::/20"): "reserved for documentation",
    ip_network("5f00::/16"): "reserved for segment routing",
    ip_network("fe80::/10"): "a link-local address",
    ip_network("fec0::/10"): "a site-local address",
    ip_network("ff00::/8"): "a multicast address",
}
GLOBAL_UNICAST = IPv6Network("2000::/3")

Resolve = Callable[[str, int], Sequence[str]]
"""Host and port to numeric addresses, best first; raises OSError where there are none."""
Connect = Callable[[str, int, float], socket.socket]
"""Numeric address, port and seconds to a connected socket; raises OSError."""


class Unreachable(FetchError):
    """No connection came about: the name is unknown, or no address of it answers."""


def find_objection(address: str | IPv4Address | IPv6Address, *, allow_private: bool = False) -> str | None:
    """Why an address must not be called, in words, or None if it may.

    An IPv4-mapped IPv6 address is judged as the IPv4 address in it. With `allow_private` the
    networks in `PRIVATE_NETWORKS` may be called; those in `SPECIAL_NETWORKS` never.

    Raises:
        ValueError: this is no numeric address.
    """
    ip = ip_address(address)
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    for network, reason in PRIVATE_NETWORKS.items():
        if ip in network:
            return None if allow_private else reason
    for network, reason in SPECIAL_NETWORKS.items():
        if ip in network:
            return reason
    if isinstance(ip, IPv6Address) and ip not in GLOBAL_UNICAST:
        return "outside the public part of IPv6"
    return None if ip.is_global else "not a public address"


@dataclass(frozen=True, slots=True)
class Target:
    """An address that may be asked for: normalised, without credentials and fragment."""

    url: str
    scheme: str
    host: str
    port: int

    @property
    def origin(self) -> str:
        """Scheme, host and port: what one robots.txt speaks for."""
        return f"{self.scheme}://{self.host}:{self.port}"


def check_url(url: str, *, allow_private: bool = False) -> Target:
    """Reads an address as the client will and refuses what is never asked for.

    Args:
        url: http or https, a host, no credentials, port 80 or 443.
        allow_private: any port will do.

    Raises:
        Refused: the address is none of these; nothing was sent.
    """
    source = show(url)
    try:
        parts = parse_url(url.strip())
    except LocationParseError as error:
        raise Refused(f"not an address that can be read: {source}", hint="check its spelling", source=source) from error
    if parts.scheme not in ("http", "https"):
        hint = "addresses begin with https:// or http://; a file is given by its path"
        raise Refused(f"only http and https are fetched: {source}", hint=hint, source=source)
    host = parts.host or ""
    if not re.fullmatch(r"[a-z0-9_][a-z0-9._-]*|\[[0-9a-f:.]+\]", host):
        raise Refused(f"no host that can be called: {source}", hint="check its spelling", source=source)
    if parts.auth is not None:
        hint = "give the address without the part before the @"
        raise Refused(f"{host}: an address with a user name or password is not fetched", hint=hint, source=host)
    port = parts.port if parts.port is not None else {"http": 80, "https": 443}[parts.scheme]
    if port not in PORTS and not allow_private:
        raise Refused(f"{host}: port {port} is not called, only 80 and 443", hint=PRIVATE_HINT, source=source)
    bare = Url(parts.scheme, None, host, parts.port, parts.path or "/", parts.query)
    return Target(bare.url, parts.scheme, host, port)


def show(url: str) -> str:
    """An address as it may stand in a message: one line, no control characters, no credentials, not too long."""
    printable = "".join(letter if letter.isprintable() else "?" for letter in url.strip())
    hidden = re.sub(r"//[^/?#]*@", "//", printable)
    return hidden if len(hidden) <= 200 else hidden[:199] + "…"


def resolve_name(host: str, port: int) -> list[str]:
    """Numeric addresses of a host in the order in which the system prefers them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def open_socket(address: str, port: int, seconds: float) -> socket.socket:
    """A TCP connection to a numeric address within so many seconds."""
    return socket.create_connection((address, port), timeout=seconds)


@dataclass(frozen=True, slots=True)
class Dialler:
    """Connects to hosts whose every address may be called.

    Args:
        allow_private: see `find_objection`.
        resolve: asked once for each connection.
        connect: receives judged numeric addresses only.
    """

    allow_private: bool = False
    resolve: Resolve = resolve_name
    connect: Connect = open_socket

    def dial(self, host: str, port: int, *, timeout: float, until: Deadline) -> socket.socket:
        """A connected socket; addresses are tried in turn, each for `timeout` seconds at most.

        Raises:
            Refused: one of the host's addresses must not be called; none was.
            Unreachable: the name has no address, or none of them answers before the deadline.
        """
        host = host.strip("[]")
        addresses = self._look_up(host, port, min(timeout, until.left()))
        for address in addresses:
            if reason := find_objection(address, allow_private=self.allow_private):
                opened = find_objection(address, allow_private=True) is None
                where = f"{host} is" if host == address else f"{host} leads to {address},"
                message = f"{where} {reason}: not called"
                raise Refused(message, hint=PRIVATE_HINT if opened else NO_PRIVATE_HINT, source=host)
        failure: OSError | None = None
        for address in addresses:
            seconds = min(timeout, until.left())
            if seconds <= 0:
                break
            try:
                return self.connect(address, port, seconds)
            except OSError as error:
                failure = error
        hint = "check the network, or try again later"
        raise Unreachable(f"{host} does not answer on port {port}", hint=hint, source=host) from failure

    def _look_up(self, host: str, port: int, seconds: float) -> Sequence[str]:
        """Resolves on a thread of its own: the system's resolver knows no time limit."""
        answers: queue.SimpleQueue[Sequence[str] | Exception] = queue.SimpleQueue()

        def ask() -> None:
            try:
                answers.put(self.resolve(host, port))
            except (OSError, UnicodeError) as error:
                answers.put(error)

        threading.Thread(target=ask, name=f"resolve {host}", daemon=True).start()
        hint = "check the spelling and the network"
        try:
            found = answers.get(timeout=max(seconds, 0.001))
        except queue.Empty:
            message = f"{host}: the name was not resolved within {seconds:.0f} s"
            raise Unreachable(message, hint=hint, source=host) from None
        if isinstance(found, Exception) or not found:
            cause = found if isinstance(found, Exception) else None
            raise Unreachable(f"{host}: the name could not be resolved", hint=hint, source=host) from cause
        return found
