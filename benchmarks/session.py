"""A visitor without a browser: fetches what a browser would fetch, and speaks Streamlit's protocol.

A browser asks for the page and for all that its head names, opens a websocket, asks for a run of
the page, and fetches the blocks whose addresses the page's component is told. So does a session,
once; then it keeps the websocket open. It draws nothing.
"""

import re
import time
from typing import Any
from urllib.parse import urljoin

import requests
from requests.adapters import HTTPAdapter
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from urllib3 import Retry
from websockets.sync.client import connect

PATIENCE = 300
"""Seconds for one answer; fifty pages that are asked for at once take their time."""
RETRIES = 3
_NAMED = re.compile(r'(?:href|src)="((?:\./|/)[^"]+)"')
_BLOCK = re.compile(r'"(/[^"]*/?payload/[^"]+)"')


class Session:
    """One visitor of the page at `address`."""

    def __init__(self, address: str) -> None:
        self.address = address.rstrip("/") + "/"
        self.received = 0
        """Bytes of all answers as they travelled, without those through the websocket."""
        self.opened = 0.0
        """Seconds from the first request until all that the first picture needs was there."""
        self._http = requests.Session()
        # as a browser asks again where the server has closed a connection that lay idle
        self._http.mount("http", HTTPAdapter(max_retries=Retry(RETRIES, backoff_factor=0.1)))
        self._socket: Any = None

    def open(self) -> "Session":
        """Open the page and fetch what it shows first; the websocket stays."""
        begun = time.perf_counter()
        # as a window of a browser asks, which a shared server gives its cookie to
        page = self._get("./", Accept="text/html")
        for name in dict.fromkeys(_NAMED.findall(page.text)):
            self._get(name)
        for name in ("./_stcore/health", "./_stcore/host-config"):
            self._get(name)
        for name in self._run():
            self._get(name)
        self.opened = time.perf_counter() - begun
        return self

    def close(self) -> None:
        """Leave."""
        self._socket.close()
        self._http.close()

    def _get(self, name: str, **headers: str) -> requests.Response:
        address = urljoin(self.address, name)
        answer = self._http.get(address, headers=headers, timeout=PATIENCE)
        answer.raise_for_status()
        self.received += int(answer.headers.get("Content-Length", 0))
        return answer

    def _run(self) -> list[str]:
        """Let the page run once; return the addresses that it names, in their order."""
        cookies = self._http.cookies.get_dict()
        self._socket = connect(
            urljoin(self.address, "./_stcore/stream").replace("http", "ws", 1),
            origin=self.address[: self.address.index("/", len("https://"))],
            subprotocols=["streamlit", cookies.get("_streamlit_xsrf", "none")],
            additional_headers={"Cookie": "; ".join(f"{k}={v}" for k, v in cookies.items())},
            max_size=None,
        )
        asked = BackMsg()
        asked.rerun_script.query_string = ""
        asked.rerun_script.context_info.url = self.address
        self._socket.send(asked.SerializeToString())
        named: dict[str, None] = {}
        while True:
            said = ForwardMsg()
            said.ParseFromString(self._socket.recv(timeout=PATIENCE))
            kind = said.WhichOneof("type")
            if kind == "delta":
                named |= dict.fromkeys(_addresses(said.delta.new_element))
            if kind == "script_finished":
                return list(named)


def _addresses(element: Element) -> list[str]:
    """List what a browser fetches for an element; RuntimeError where it is a failure."""
    kind = element.WhichOneof("type")
    if kind == "exception":
        raise RuntimeError(f"the page failed: {element.exception.message}")
    if kind == "imgs":
        # below the page's own address, though it begins with a slash
        return [f".{image.url}" for image in element.imgs.imgs]
    if kind == "bidi_component":
        return _BLOCK.findall(element.bidi_component.json)
    return []
