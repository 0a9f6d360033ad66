"""What `nac evaluate` measures and how it is shown: JSON, a table, one HTML file."""
