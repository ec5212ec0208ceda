"""Figures that are charts: records in, a figure with its table and its prose out."""
