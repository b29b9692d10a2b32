"""The rows of hinge losses as an interior-point method sees them: margins, slacks, multipliers."""

import numpy as np


class Margins:
    """Slacks and multipliers of every row of a problem, and the direction in which they move.

    Of a row with sign s and output f: ``xi`` is its loss, ``spare = xi - 1 + s f`` what it has
    beyond it, ``beta`` in (0, 1) its multiplier; at the optimum ``beta spare = (1 - beta) xi = 0``.

    Attributes
    ----------
    move : array (d, P)
        Direction of the coefficients, after `aim`.
    """

    def __init__(self, problem, W):
        self.problem = problem
        self.rows = [_Rows(part, W[:, part.columns]) for part in problem.parts]
        self.move = np.zeros_like(W)

    def _join(self, each):
        """Columns ``(d, k)`` of the parts side by side, in the order of W."""
        out = np.empty(self.problem.shape)
        for rows, value in zip(self.rows, each):
            out[:, rows.part.columns] = value
        return out

    @property
    def pull(self):
        """What the multipliers pull the coefficients to, ``(d, P)``."""
        return self._join(rows.part.back(rows.A * rows.beta * rows.Y) for rows in self.rows)

    def hessian(self):
        """``(P, d, d)``, intercepts taken out."""
        d, P = self.problem.shape
        H = np.empty((P, d, d))
        for rows in self.rows:
            rows.weigh()
            H[rows.part.columns] = rows.part.grams(rows.bend)
        return H

    def aim(self, penalty, H, slope, mu, *, second):
        """Find the direction to complementarity ``mu``, with the curvature of the last if asked."""
        right = self._join(rows.right(mu, second=second) for rows in self.rows)
        self.move = penalty.solve(H, right - slope)
        for rows in self.rows:
            rows.follow(self.move[:, rows.part.columns])

    def reach(self):
        """The longest step along the direction that stays inside, at most 1."""
        return min(rows.reach() for rows in self.rows)

    def go(self, step):
        """Move along the direction."""
        for rows in self.rows:
            rows.go(step)

    @property
    def complementarity(self):
        """The mean of the products that are zero at the optimum."""
        return self.complementarity_at(0.0)

    def complementarity_at(self, step):
        """The same after a step along the direction."""
        total = sum(rows.products(step) for rows in self.rows)
        return total / (2 * sum(rows.A.sum() for rows in self.rows))

    def bound(self, penalty):
        """What the multipliers prove: the optimum is not below this."""
        even = [rows.balanced() for rows in self.rows]
        V = self._join(
            rows.part.back(rows.A * beta * rows.Y) for rows, beta in zip(self.rows, even)
        )
        proved = sum(rows.proved(beta) for rows, beta in zip(self.rows, even))
        return proved - penalty.conjugate(V)


class _Rows:
    """The rows of one part; arrays are ``(n, k)``, and rows without weight stand still."""

    def __init__(self, part, W):
        self.part, self.Y = part, part.Y
        self.A = np.array(np.broadcast_to(part.A, part.Y.shape))
        self.here = self.A > 0
        self.b = np.zeros(part.Y.shape[1])
        self.F = part.outputs(W)
        self.lack = 1 - self.Y * self.F
        self.xi = np.maximum(self.lack, 0) + 1
        self.spare = np.maximum(-self.lack, 0) + 1
        self.beta = np.full_like(self.F, 0.5)
        zero = np.zeros_like(self.F)
        self.d_beta, self.d_xi, self.d_spare, self.d_F = zero, zero, zero, zero

    def weigh(self):
        """The weights of rows in the linear system."""
        self.D = 1 / (self.spare / self.beta + self.xi / (1 - self.beta))
        self.bend = self.A * self.D
        self.total = np.maximum(self.bend.sum(axis=0), np.finfo(np.float64).tiny)
        self.mean = self.part.back(self.bend) / self.total if self.part.fit_intercept else None

    def right(self, mu, *, second):
        """Right-hand side ``(d, k)``; ``second`` takes out the products of the last direction."""
        one = mu - (self.d_beta * self.d_spare if second else 0.0)
        two = mu + (self.d_beta * self.d_xi if second else 0.0)
        self.to = two / (1 - self.beta) - self.xi
        self.off = self.spare - self.xi + self.lack
        self.c = one / self.beta - self.spare - self.to + self.off
        right = self.part.back(self.bend * self.Y * self.c)
        if not self.part.fit_intercept:
            return right
        self.h = np.sum(self.bend * self.Y * self.c + self.A * self.beta * self.Y, axis=0)
        return right - self.mean * self.h

    def follow(self, move):
        """The directions of everything else, from that of the coefficients."""
        self.d_F = self.part.slopes(move)
        if self.part.fit_intercept:
            self.d_F = self.d_F + (self.h - np.sum(self.bend * self.d_F, axis=0)) / self.total
        self.d_beta = self.D * (self.c - self.Y * self.d_F)
        self.d_xi = self.to + self.xi * self.d_beta / (1 - self.beta)
        self.d_spare = self.d_xi + self.Y * self.d_F - self.off

    def reach(self):
        """The longest step that keeps slacks and multipliers positive, at most 1."""
        pairs = (
            (self.beta, self.d_beta),
            (1 - self.beta, -self.d_beta),
            (self.xi, self.d_xi),
            (self.spare, self.d_spare),
        )
        longest = 1.0
        for value, move in pairs:
            falls = self.here & (move < 0)
            if falls.any():
                longest = min(longest, float(np.min(-value[falls] / move[falls])))
        return longest

    def go(self, step):
        """Move; rows without weight stay where they are."""
        for name in ("beta", "xi", "spare", "F"):
            move = np.where(self.here, step * getattr(self, f"d_{name}"), 0.0)
            setattr(self, name, getattr(self, name) + move)
        self.lack = 1 - self.Y * self.F

    def products(self, step):
        """Weighted sum of what is zero at the optimum, after a step."""
        beta = self.beta + step * self.d_beta
        spare, xi = self.spare + step * self.d_spare, self.xi + step * self.d_xi
        return float(np.sum(np.where(self.here, self.A * (beta * spare + (1 - beta) * xi), 0.0)))

    def balanced(self):
        """Multipliers whose sums over both classes are equal, as a free intercept asks."""
        if not self.part.fit_intercept:
            return self.beta
        up = np.sum(self.A * self.beta, axis=0, where=self.Y > 0)
        down = np.sum(self.A * self.beta, axis=0, where=self.Y < 0)
        least, tiny = np.minimum(up, down), np.finfo(np.float64).tiny
        share = np.where(self.Y > 0, least / np.maximum(up, tiny), least / np.maximum(down, tiny))
        return self.beta * share

    def proved(self, beta):
        """The multipliers' part of the dual objective."""
        total = float(np.sum(self.A * beta))
        if self.part.offset is not None:
            total -= float(np.sum(self.A * beta * self.Y * self.part.offset))
        return total
