"""The proving ground: a whole shop of real processes, faults put into it, and its books audited.

``scripts/faults`` runs the experiments; ``manage.py audit_books`` audits any shop, at any time.
"""
