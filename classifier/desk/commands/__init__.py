"""The commands of `nac`, one module a group; each has an `app` that `classifier.desk.cli` loads when it is asked for."""
