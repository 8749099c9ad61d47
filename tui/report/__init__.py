"""Answers turned into text: numbers as trials print them, and charts as strings."""
