"""Drawings to the Analytics Front, or kept by this service."""

from __future__ import annotations

from string import ascii_letters, digits

from ..errors import DeliveryError
from ..model.artifacts import GraphKey
from ..transport import Neighbour, TransportError, front_token
from ..transport.reading import parse_json

#: What the Front accepts in one request, in bytes.
FRONT_LIMIT = 50 * 1024 * 1024
#: Seconds a drawing may take to be delivered: the Front makes a PNG of it before it answers.
FRONT_SECONDS = 30.0


class HttpFront:
    """The Analytics Front: stores a drawing, shows it and sets its graph ``finished``."""

    def __init__(self, base: str, secret: str, noauth: str, *, seconds: float = FRONT_SECONDS) -> None:
        self._front = Neighbour("The Analytics Front", base, seconds=seconds, try_seconds=seconds)
        self._secret = secret
        self._noauth = noauth

    def send(self, graph: GraphKey, svg: str, nodes: int) -> str:
        """Hand over a drawing; answer ``front``.

        Sent again only where the first try cannot have arrived: the Front shows
        what comes last, and only the caller knows whether this still is the last.

        Raises :class:`~analytics.errors.DeliveryError`, also where the answer is a 2xx and not the Front's own.
        """
        if not graph.graph_id or not graph.owner_id:
            # It would never answer: it looks up both before it does anything else.
            raise DeliveryError("A drawing without the ids of its graph and owner cannot be delivered")
        body = form(payload=svg, total=str(nodes))
        if len(body) > FRONT_LIMIT:
            raise DeliveryError(f"The drawing is larger than the {FRONT_LIMIT >> 20} MB the Analytics Front accepts")
        token = front_token(self._secret, self._noauth, graph.graph_id, graph.owner_id)
        try:
            answer = self._front.call(
                "POST",
                "/graphs",
                body=body,
                content_type="application/x-www-form-urlencoded",
                headers={"Authorization": f"JWT {token}"},
                safe=False,
            )
        except TransportError as exc:
            raise DeliveryError(str(exc), transient=exc.transient) from None
        if not taken(answer.body):
            raise DeliveryError("The Analytics Front answered, and not that it took the drawing", transient=True)
        return "front"

    def close(self) -> None:
        """Give back connections."""
        self._front.close()


def taken(body: bytes) -> bool:
    """Whether an answer says that the drawing was taken: JSON without an error, or nothing at all.

    A page is from somebody in between: a login, a proxy, a notice of maintenance.

    >>> taken(b'{"_id": "5e8f"}'), taken(b'{"error": "no such graph"}'), taken(b"<html>please log in</html>")
    (True, False, False)
    """
    if not body.strip():
        return True
    try:
        said = parse_json(body)
    except ValueError:
        return False
    return not (isinstance(said, dict) and said.get("error"))


_PLAIN = frozenset((ascii_letters + digits + "_.-~").encode())
_ESCAPED = [(bytes([byte]), b"%%%02X" % byte) for byte in range(256) if byte not in _PLAIN and byte != ord("%")]


def form(**fields: str) -> bytes:
    """Fields as ``application/x-www-form-urlencoded``.

    Byte values are replaced one kind at a time over the whole text: for a
    drawing of a megabyte some ten times faster than a loop over its characters.

    >>> form(payload="<g id='ä'> 100%+</g>", total="1")
    b'payload=%3Cg%20id%3D%27%C3%A4%27%3E%20100%25%2B%3C%2Fg%3E&total=1'
    """
    return b"&".join(_quoted(name) + b"=" + _quoted(value) for name, value in fields.items())


def _quoted(text: str) -> bytes:
    data = text.encode("utf-8", "replace").replace(b"%", b"%25")
    for byte, escaped in _ESCAPED:
        if byte in data:
            data = data.replace(byte, escaped)
    return data
