"""Warehouse management systems, behind one port."""
