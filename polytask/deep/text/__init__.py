"""Sentences for nets: words as numbers, batches of them, and tags of fitted nets."""

from polytask.deep.text.pairs import Pairs, judged, pairs
from polytask.deep.text.sentences import sentences, tags
from polytask.deep.text.vocabulary import Vocabulary

__all__ = ["Pairs", "Vocabulary", "judged", "pairs", "sentences", "tags"]
