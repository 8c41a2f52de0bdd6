"""Workers that are killed while they carry events on."""
