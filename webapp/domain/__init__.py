"""The programme's rules as plain Python: values in, verdicts out."""
