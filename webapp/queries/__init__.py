"""Reads: session in, rows or frozen dataclasses out."""
