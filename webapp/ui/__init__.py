"""What all audiences share on a page: words, ways, forms, tables, charts, files."""
