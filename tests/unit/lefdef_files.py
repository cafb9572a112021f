"""A placed chip as LEF and DEF, made by hand."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from router.model.draft import Draft
from router.read.formats.lefdef import read_lefdef
from router.read.formats.options import ImportOptions

TECH = """VERSION 5.8 ;
UNITS
  DATABASE MICRONS 2000 ;
END UNITS
PROPERTYDEFINITIONS
  LAYER note STRING ;
END PROPERTYDEFINITIONS
LAYER m1
  TYPE ROUTING ;
  WIDTH 2 ;
END m1
LAYER v1
  TYPE CUT ;
  SPACING 1 ;
END v1
LAYER top
  TYPE ROUTING ;
  SPACINGTABLE
    PARALLELRUNLENGTH 0 3
      WIDTH 0 1.5 2
      WIDTH 9 3 4 ;
  WIDTH 2 ;
  PROPERTY note "END top ; # no comment" ;
END top
VIA v DEFAULT
  LAYER m1 ;
    RECT -1 -1 1 1 ;
  LAYER top ;
    RECT -1 -1 1 1 ;
END v
VIARULE gen GENERATE
  LAYER m1 ;
END gen
BEGINEXT "x"
  CREATOR "y" ;
ENDEXT
SITE core
  CLASS PAD ;
END core
"""


CELLS = """MACRO ball   # lower left corner as origin
  CLASS COVER BUMP ;
  ORIGIN 0 0 ;
  SIZE 40 BY 40 ;
  PIN P
    DIRECTION INOUT ;
    PORT
      LAYER top ;
        RECT 0 0 40 40 ;
    END
  END P
END ball
MACRO eight   # centre as origin
  CLASS COVER BUMP ;
  ORIGIN 20 20 ;
  SIZE 40 BY 40 ;
  PIN P
    PORT
      LAYER top ;
        POLYGON 20 8.28 8.28 20 -8.28 20 -20 8.28 -20 -8.28 -8.28 -20 8.28 -20 20 -8.28 ;
    END
  END P
END eight
MACRO ring
  CLASS COVER BUMP ;
  SIZE 40 BY 40 ;
  PIN A
    PORT
      LAYER top ;
        RECT 0 0 40 18 ;
        RECT 0 22 40 40 ;
        RECT 0 18 18 22 ;
        RECT 22 18 40 22 ;
    END
  END A
  PIN B
    PORT
      LAYER top ;
        RECT 19 19 21 21 ;
    END
  END B
END ring
MACRO io
  CLASS PAD ;
  SIZE 20 BY 60 ;
  PIN PAD
    USE SIGNAL ;
    PORT
      CLASS BUMP ;
      LAYER top ;
        RECT 2 10 8 30 ;
    END
    PORT
      LAYER m1 ;
        RECT 0 0 1 1 ;
    END
  END PAD
  PIN Y
    PORT
      CLASS CORE ;
      LAYER top ;
        RECT 18 58 20 60 ;
    END
  END Y
  PIN Z
    PORT
      LAYER m1 ;
        RECT 4 4 5 5 ;
    END
  END Z
END io
MACRO double
  CLASS PAD ;
  SIZE 60 BY 20 ;
  PIN PAD
    PORT
      LAYER top ;
        RECT 0 0 10 20 ;
    END
    PORT
      LAYER top ;
        RECT ( 50 0 ) ( 60 20 ) ;
    END
  END PAD
  OBS
    LAYER top ;
      RECT 0 0 40 20 ;
  END
END double
MACRO filler
  CLASS PAD SPACER ;
  SIZE 5 BY 60 ;
END filler
END LIBRARY
"""


COMPONENTS = (
    "b1 ball + SOURCE DIST + FIXED ( 200000 200000 ) N",
    "b2 eight + PLACED ( 400000 200000 ) N + WEIGHT 1",
    "p1 io + FIXED ( 0 0 ) N",
)


NETS = ("n1 ( PIN n1 ) ( b1 P ) ( p1 PAD + SYNTHESIZED ) + USE SIGNAL", "n2 ( b2 P )")


def section(name: str, items: tuple[str, ...]) -> str:
    return f"{name} {len(items)} ;\n" + "".join(f"- {item} ;\n" for item in items) + f"END {name}\n"


def def_text(
    components: tuple[str, ...] = COMPONENTS,
    nets: tuple[str, ...] = NETS,
    area: str = "( 0 0 ) ( 1000000 1000000 )",
    **sections: tuple[str, ...],
) -> str:
    """1000 units a micrometre; sections in the order of the language."""
    head = f'VERSION 5.8 ;\nDIVIDERCHAR "/" ;\nDESIGN chip ;\nUNITS DISTANCE MICRONS 1000 ;\nDIEAREA {area} ;\n'
    parts = {"VIAS": (), "COMPONENTS": components, "PINS": (), "BLOCKAGES": (), "SPECIALNETS": (), "NETS": nets}
    parts |= sections
    return head + "".join(section(name, items) for name, items in parts.items() if items) + "END DESIGN\n"


def read(folder: Path, text: str, levels: Mapping[str, str] | None = None) -> Draft:
    files = {"tech.lef": TECH, "cells.lef": CELLS, "chip.def": text}
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")
    return read_lefdef([folder / name for name in files], ImportOptions(levels=levels or {}))
