"""Labels without texts: made from the labelled texts, and put together with them again."""
