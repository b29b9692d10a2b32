"""Sources of batches: tables in memory, and what else gives rows."""

from polytask.deep.data.arrays import Arrays
from polytask.deep.data.batch import Batch, Source
from polytask.deep.data.curriculum import Curriculum
from polytask.deep.data.loader import Loader
from polytask.deep.data.maps import Maps
from polytask.deep.data.mixture import Mixture
from polytask.deep.data.parquet import Parquet
from polytask.deep.data.sequences import Sequences
from polytask.deep.data.table import Table, Units

__all__ = [
    "Arrays",
    "Batch",
    "Curriculum",
    "Loader",
    "Maps",
    "Mixture",
    "Parquet",
    "Sequences",
    "Source",
    "Table",
    "Units",
]
