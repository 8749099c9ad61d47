"""What SAS's two kinds of file have in common: numbers, calendar, text and where they lie."""
