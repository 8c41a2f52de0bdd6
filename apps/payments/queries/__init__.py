"""SQL of payments. The money path is SQL by hand: each step is one statement that holds its own guard."""
