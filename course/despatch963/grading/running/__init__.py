"""Running students' code where it can reach nothing that is not its own."""
