"""A payment gateway and a carrier to practise on: one HTTP server of its own, without Django."""
