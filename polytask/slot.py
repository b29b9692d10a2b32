"""A slot value: a frozen record of hyperparameters that prints as it is written."""

from dataclasses import fields, replace

from polytask.errors import ParameterError


class Slot:
    """Base of every value that plugs into a model: a penalty, a sharing, a balancer, a kind.

    Subclasses are frozen dataclasses. A value is never changed by fitting; a search replaces it:
    ``model.set_params(penalty__alpha=0.1)`` puts ``penalty.replace(alpha=0.1)`` in its place.

    Examples
    --------
    >>> from polytask.kinds import Binary
    >>> Binary(classes=("no", "yes")).get_params()
    {'classes': ('no', 'yes')}
    """

    def get_params(self, deep=True):
        """The fields by name; with ``deep``, also those of slots inside, as ``outer__inner``."""
        params = {field.name: getattr(self, field.name) for field in fields(self)}
        if deep:
            inner = {k: v for k, v in params.items() if isinstance(v, Slot)}
            for name, value in inner.items():
                params |= {f"{name}__{k}": v for k, v in value.get_params().items()}
        return params

    def replace(self, **params):
        """A new value with these fields changed; ``shared__alpha=1`` reaches into a slot inside."""
        own, nested = {}, {}
        for key, value in params.items():
            name, _, rest = key.partition("__")
            self._known(name)
            if rest:
                nested.setdefault(name, {})[rest] = value
            else:
                own[name] = value
        for name, values in nested.items():
            own[name] = own.get(name, getattr(self, name)).replace(**values)
        return replace(self, **own)

    def _known(self, name):
        names = [field.name for field in fields(self)]
        if name not in names:
            known = ", ".join(names) or "none"
            raise ParameterError(f"{type(self).__name__} has no field {name!r}. It has: {known}.")

    @classmethod
    def examples(cls):
        """Values on which the laws try this class."""
        yield cls()
