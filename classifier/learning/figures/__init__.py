"""Figures of any model on any labelled corpus: measures, intervals, curves, slices, errors, baselines, tests of pairs."""
