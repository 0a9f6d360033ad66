"""Speed, memory and accuracy, each beside a named reference measured in the same run."""
