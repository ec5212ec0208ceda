"""The controls that students use in a notebook."""
