"""Connections to the server send what is written at once."""

import socket
from collections.abc import Iterator

import pytest

from ui import prompt


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A socket that listens, made as the server makes its own."""
    with socket.socket(socket.AF_INET) as made:
        made.bind(("127.0.0.1", 0))
        made.listen()
        yield made


def sends_at_once(listener: socket.socket) -> bool:
    """Tell of a connection that comes in whether small parts leave without waiting."""
    with socket.create_connection(listener.getsockname()):
        accepted, _ = listener.accept()
        with accepted:
            return bool(accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))


def test_connections_accepted_afterwards_send_at_once(listener: socket.socket) -> None:
    assert not sends_at_once(listener)
    prompt.answer_at_once()
    assert sends_at_once(listener)


def test_sockets_that_do_not_listen_stay_as_they_are(listener: socket.socket) -> None:
    with socket.create_connection(listener.getsockname()) as other:
        prompt.answer_at_once()
        assert not other.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
