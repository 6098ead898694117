"""Brings in the answers of web services: checked, bounded, cached, asked once."""
