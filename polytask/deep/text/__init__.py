"""Sentences for nets: words as numbers, batches of them, and tags of fitted nets."""

from polytask.deep.text.sentences import sentences, tags
from polytask.deep.text.vocabulary import Vocabulary

__all__ = ["Vocabulary", "sentences", "tags"]
