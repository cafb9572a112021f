"""What things are: processes, packages, layouts. Frozen and typed; no algorithms, no files."""
