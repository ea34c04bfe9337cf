"""Packs many files into one before the browser sends them: a typed wrapper."""

from ui.components.mount import mount

_packer = mount("own_packer", "brought/packer.js", host="own-packer", isolated=False)


def packer(*, key: str = "own-packer") -> None:
    """Watch the drop field on the page, and say how far the packing is."""
    _packer(key=key, data={})
