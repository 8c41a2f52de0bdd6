"""How the shop is watched: logs, metrics, traces, health."""
