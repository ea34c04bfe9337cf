"""Small answers leave at once.

An answer is written in two parts, head and body. Where a connection gathers small parts (Nagle's
algorithm), the body of a small one waits until the browser acknowledges the head, which browsers
put off: 40 ms on one machine, a round trip more over a network. Python turns that off for
connections of sockets that were made for TCP by number; the server's own is made without one.
"""

import gc
import socket


def answer_at_once() -> None:
    """Let the connections that this process will accept send all that is written at once."""
    for found in gc.get_objects():
        # `isinstance` would ask foreign objects for their class, and some answer with a warning
        if issubclass(type(found), socket.socket) and _listens(found):
            found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _listens(found: socket.socket) -> bool:
    if found.family not in (socket.AF_INET, socket.AF_INET6) or found.fileno() < 0:
        return False
    return found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN) != 0
