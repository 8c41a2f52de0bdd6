"""Product files: read row by row, understood, and compared with what the catalog has."""
