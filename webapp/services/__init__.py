"""Deeds: session first, keyword-only, they flush and never commit or ask who is logged in."""
