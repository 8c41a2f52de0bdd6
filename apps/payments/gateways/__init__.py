"""The doors to payment providers, one file each, behind one Protocol."""
