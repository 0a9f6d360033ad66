"""What people call the measures, the baselines and the project's own test sets; the keys are those of the records."""

from __future__ import annotations

MEASURES = {
    "accuracy": "accuracy",
    "balanced_accuracy": "balanced accuracy",
    "macro_f1": "macro-F1",
    "weighted_f1": "weighted F1",
    "roc_auc": "ROC AUC",
    "brier": "Brier",
    "log_loss": "log-loss",
    "ece": "ECE",
    "coverage": "coverage",
}
"""The measures that a record has at its top."""

RUNGS = {"majority": "majority", "lexicon": "lexicon only", "tfidf": "TF-IDF + logistic regression"}

TIME_SPLIT, COUNCIL = "time-split", "council"
SETS = {
    TIME_SPLIT: "Time split: fitted to releases before 2023, tested on those of 2023 (another government's texts)",
    COUNCIL: "Council's register: constructed test statements, by hands that saw neither lexicon nor training texts",
}
