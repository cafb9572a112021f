"""The process as rule decks for KLayout, and the package as the netlist they are run against."""
