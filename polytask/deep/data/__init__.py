"""Sources of batches: tables in memory, and what else gives rows."""

from polytask.deep.data.batch import Batch, Source
from polytask.deep.data.table import Table, Units

__all__ = ["Batch", "Source", "Table", "Units"]
