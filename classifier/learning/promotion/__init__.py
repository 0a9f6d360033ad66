"""Which model is in use, and what a challenger must show before it takes the champion's place."""
