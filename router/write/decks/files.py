"""The decks and the reference netlist as files: plain for the command line, wrapped for KLayout's menus."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

from router.model.design import Design
from router.model.pdk import Pdk
from router.write.decks.drc import drc_deck
from router.write.decks.lvs import lvs_deck
from router.write.decks.netlist import netlist
from router.write.klayout import append, save


def write_decks(stem: Path, pdk: Pdk) -> None:
    """STEM.drc and STEM.lvs, and the same as .lydrc and .lylvs."""
    for kind, text in (("drc", drc_deck(pdk)), ("lvs", lvs_deck(pdk))):
        stem.with_name(f"{stem.name}.{kind}").write_text(text, encoding="utf-8")
        save(_macro(kind, text, pdk), stem.with_name(f"{stem.name}.ly{kind}"))


def write_netlist(path: Path, design: Design) -> None:
    """The .cir file that the LVS deck is run with."""
    path.write_text(netlist(design), encoding="utf-8")


def _macro(kind: str, text: str, pdk: Pdk) -> ElementTree.Element:
    root = ElementTree.Element("klayout-macro")
    fields = {
        "description": f"{pdk.name} {kind.upper()}",
        "category": kind,
        "autorun": "false",
        "show-in-menu": "true",
        "group-name": f"{kind}_scripts",
        "menu-path": f"tools_menu.{kind}.end",
        "interpreter": "dsl",
        "dsl-interpreter-name": f"{kind}-dsl-xml",
        "text": text,
    }
    append(root, fields)
    return root
