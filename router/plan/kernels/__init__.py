"""Compiled loops of planning: arrays in, arrays out."""
