"""A process → LVS deck in KLayout's language: how nets are extracted and judged, then its masks, vias and pads."""

from __future__ import annotations

from collections.abc import Iterator

from router.model.pdk import Pdk
from router.write.decks.drc import library, masks, quoted, title

_HEADER = """\
# Layout against netlist in the process {title}
#
#   klayout -b -r FILE.lvs -rd input=LAYOUT.gds -rd schematic=NETLIST.cir -rd report=LVS.lvsdb -rd markers=LVS.lyrdb
#
# Without `input` the deck takes the layout that is open; without `schematic`, the .cir of the same name beside it.

$input ? source($input) : source
$report ? report_lvs($report) : report_lvs
@top = source.cell_name

"""

_FOOTER = """
# --- run --------------------------------------------------------------------------------------------------------------

path = $schematic || (source.path || RBA::CellView::active.filename).sub(/\\.[^.]*$/, '.cir')
require_layout
require_shapes(@masks.values)
raise "No netlist at #{path}" unless File.exist?(path)
raise "No netlist of a package in #{path}" unless File.foreach(path).any? { |line| line.start_with?('.SUBCKT ') }
terminals, keepouts = read_terminals(path), read_keepouts(path)
unknown = terminals.map(&:level).uniq.reject { |number| @levels[number] }
raise "#{path} has terminals on level #{unknown.min + 1}; the process has #{@levels.size}" unless unknown.empty?
extract(terminals)
faults = judge($markers, terminals, keepouts)
join_outside(terminals)
lvs_data.reference = schematic_of(terminals, @top)
same = lvs_data.compare(RBA::NetlistComparer::new)
puts "layout against netlist: #{faults} faults, the netlists #{same ? 'match' : 'differ'}"
"""


def lvs_deck(pdk: Pdk) -> str:
    """The text of a .lvs file, to be run with the package's `netlist`."""
    lines = [_HEADER.format(title=title(pdk))]
    lines += [library("layout.rb"), library("nets.rb"), "\n", library("faults.rb")]
    lines += [
        "\n# --- masks: name, layer, datatype, role, datatype of labels ",
        "-" * 60,
        "\n\n",
        *masks(pdk, with_labels=True),
    ]
    lines += [f"level {quoted(level.name)}\n" for level in pdk.levels]
    lines += [f"via {quoted(via.name)}, {quoted(via.lower)}, {quoted(via.upper)}\n" for via in pdk.vias]
    lines += ["\n# --- pads: style, mask, shape, width, height in nm ", "-" * 69, "\n\n", *_pads(pdk)]
    return "".join([*lines, _FOOTER])


def _pads(pdk: Pdk) -> Iterator[str]:
    for name, style in sorted(pdk.pads.items()):
        for shape in style.shapes:
            yield f"pad {quoted(name)}, {quoted(shape.mask)}, :{shape.shape.value}, {shape.width}, {shape.height}\n"
