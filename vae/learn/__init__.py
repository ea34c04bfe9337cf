"""Lessons: each a picture that moves, one paragraph, and a formula with the code behind it.

A lesson is

- one file here, `vae/learn/<lesson>.py`, with a `Lesson` (`lesson.py` says what stands in it) and
  an entry of `LESSONS` (`registry.py`): the shipped models that it looks at, `facts`, which
  computes every number that its words state, the functions whose source is shown, and what else
  its exhibit needs;
- its words, a table ``[lessons.<name>]`` of `words/en.toml` (`words.py` says which): a translation
  is one more file. ``{kl:.1f}`` stands for a fact, ``[μ](mu)`` for a symbol of the formula;
- one exhibit, `vae/web/learn/<exhibit>/<exhibit>.js`, a module with ``mount(root, told)``, and its
  styles beside it; `vae/web/learn/exhibit.js` says what it is told and what it answers.

`tests/vae/learn` holds for all lessons that each placeholder has a fact and each symbol stands in
the formula. A lesson's own test, `tests/vae/learn/test_<lesson>.py`, asserts what its facts claim.
"""
