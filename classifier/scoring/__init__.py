"""A trained model meets a text: numpy and the pipeline, no scikit-learn."""
