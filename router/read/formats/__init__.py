"""Files of other tools, one reader a format, each into a `Draft`."""
