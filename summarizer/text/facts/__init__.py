"""Numbers, dates, names and negations of a text, normalised so that they compare across languages.

>>> from summarizer.text.facts import facts, missing
>>> source = facts("Am 12. März kamen 1.250 Menschen.", "de")
>>> [fact.value for fact in source]
['03-12', '1250']
>>> [fact.text for fact in missing(source, facts("On March 12, 1,520 people came.", "en"))]
['1.250']
"""

from __future__ import annotations

from summarizer.text.facts.compare import Gap, completed, missing, paired, rounded
from summarizer.text.facts.fact import Fact, Facts, Kind
from summarizer.text.facts.lexicon import is_read
from summarizer.text.facts.negation import denied
from summarizer.text.facts.reading import facts

__all__ = ["Fact", "Facts", "Gap", "Kind", "completed", "denied", "facts", "is_read", "missing", "paired", "rounded"]
