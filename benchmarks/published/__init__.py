"""Published numbers, approached in public: the same model trained here, its NLL beside the paper's.

    VAE_DATA=… python -m benchmarks.published burda-vae [--seeds 3] [--epochs 100] [--write]
    VAE_DATA=… python -m benchmarks.published pythae --pythae ENVIRONMENT/bin/python
    python -m benchmarks.published --write

Each row of `rows` names a model, how it is trained and what was published for it; `pythae` stands
another library's VAE beside ours. What is found is kept in a folder (``--folder``), by default in
`reached`, with the project, so that rows add up over machines; beside it lie the trainings, so that
a program that was stopped goes on where it was, in the training and in the NLL alike. Nothing made
with other settings is mixed in. ``--write`` writes `docs/published.md` from all that has run.
"""
