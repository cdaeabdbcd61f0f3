"""Outlines of Europe's states, and the script that makes them."""
