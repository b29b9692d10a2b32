"""Auxiliary tasks: from a table to the same table with more tasks that may help.

An auxiliary is a value that is called on a `Tasks`: ``train = Masking(targets=50)(train)``. The new
tasks have the role "auxiliary". Apply it after the split, to the training part.
"""

from polytask.auxiliary.base import Auxiliary
from polytask.auxiliary.clusters import Clusters
from polytask.auxiliary.masking import Masking
from polytask.auxiliary.next_word import NextWord
from polytask.auxiliary.partially_supervised import PartiallySupervised

__all__ = ["Auxiliary", "Clusters", "Masking", "NextWord", "PartiallySupervised"]
