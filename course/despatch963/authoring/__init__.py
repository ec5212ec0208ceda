"""From unit files to notebooks, questions and keys. Nothing a student imports comes here."""
