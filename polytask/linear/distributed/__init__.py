"""Tasks on machines of their own: the rows stay where they are, a few numbers travel."""

from polytask.linear.distributed.dsml import DSML
from polytask.linear.distributed.inverse import approximate_inverse

__all__ = ["DSML", "approximate_inverse"]
