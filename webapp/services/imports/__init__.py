"""Files from outside: postings, and lists that verify what people have claimed."""
