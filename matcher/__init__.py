"""Text in, ranked matches out: knows no Flask, no database and no clock."""
