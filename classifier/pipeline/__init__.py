"""What the words say: cues, their context, and the signals an expert looks for (spaCy)."""
