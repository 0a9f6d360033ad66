"""Any labelled corpus: read from tables and from the exports of labelling tools, and written back to them."""
