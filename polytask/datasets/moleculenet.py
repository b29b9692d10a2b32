"""MoleculeNet: toxicity, activity and solubility of molecules."""

from dataclasses import dataclass

from polytask.datasets.files import DataFile, Repository
from polytask.datasets.molecules import BITS, Molecules, fingerprints
from polytask.datasets.writers import packed, repacked
from polytask.kinds import Regression

DEEPCHEM = Repository("deepchem/deepchem", "fbe3b911a94a6eb8c84c1a9e7ac67a472c49ea80")
MOLECULENET = "https://moleculenet.org/"
WU = "Wu et al. MoleculeNet. Chemical Science 9, 2018."
SPLIT = (
    "by scaffold (groups of the table, so the default of ``split`` and ``folds``; molecules "
    "without a ring are one large group), or at random; no fixed rows"
)
REPEATS = (
    "{repeats} rows repeat the SMILES text of another row: groups keep repeats on one side. "
    "{invalid} rows that RDKit cannot parse have no bits. "
)


def two_files(name, original, csv_sum, bits_sum, repack=repacked):
    """The text table and the bits made from it."""
    return (
        DataFile(f"moleculenet/{name}.csv.gz", csv_sum, (original,), repack, rebuilt=True),
        DataFile(
            f"moleculenet/{name}_ecfp4_1024.npz", bits_sum, (original,), fingerprints, rebuilt=True
        ),
    )


@dataclass(frozen=True)
class Tox21(Molecules):
    """Is the molecule toxic? 12 assays on 8,014 molecules, with holes.

    A binary task per assay over 1,024 sparse ECFP4 bits; 17 % of the labels are missing.

    Parameters
    ----------
    groups : {"scaffold", "molecule"}
        What stays on one side of a split.

    Examples
    --------
    >>> Tox21().tasks
    12
    """

    groups: str = "scaffold"

    name = "tox21"
    title = "Tox21"
    rows, features, tasks = 8014, BITS, 12
    source = MOLECULENET
    licence = "not stated"
    citation = f"Tox21 Data Challenge 2014; Mayr et al. DeepTox. Frontiers Env. Sci. 3, 2016; {WU}"
    split = SPLIT
    traps = REPEATS.format(repeats=183, invalid=8) + (
        "DeepChem's own loader keeps 7,831 molecules, so its scores are on fewer rows."
    )
    tables = ("tox21.csv.gz", "tox21_ecfp4_1024.npz")
    files = two_files(
        "tox21",
        DEEPCHEM.file(
            "datasets/tox21.csv.gz",
            "48b34e4e59a2bae6f95734cd206c1869ab355f50a5e50bb7371a21f861d5e297",
        ),
        "8dfa378916228cff75902cf2ae442aeac3ac69c8ac615130e691100b7732b295",
        "b5d51bd8cb5610b44fe0d6689d6c01f63f400ba58060b9eda72e7c77c70026fa",
    )


@dataclass(frozen=True)
class ToxCast(Molecules):
    """Does the molecule act in the assay? 617 assays on 8,615 molecules, mostly holes.

    A binary task per assay over 1,024 sparse ECFP4 bits; 71 % of the labels are missing.

    Parameters
    ----------
    groups : {"scaffold", "molecule"}
        What stays on one side of a split.

    Examples
    --------
    >>> ToxCast().tasks
    617
    """

    groups: str = "scaffold"

    name = "toxcast"
    title = "ToxCast"
    rows, features, tasks = 8615, BITS, 617
    source = MOLECULENET
    licence = "not stated"
    citation = f"Richard et al. ToxCast chemical landscape. Chem. Res. Toxicol. 29, 2016; {WU}"
    split = SPLIT
    traps = REPEATS.format(repeats=32, invalid=18) + (
        "Many assays have few positive labels: a fold may hold one class only."
    )
    tables = ("toxcast.csv.gz", "toxcast_ecfp4_1024.npz")
    files = two_files(
        "toxcast",
        DEEPCHEM.file(
            "examples/toxcast/processing/toxcast_data.csv.gz",
            "56041515e0bb63c1787a26ecdbeb2bd7ae1f538681caa1b03f768853cf81b1a7",
        ),
        "a2d2eacf26f769a1a3df052fb4bb921ebb543da97ec23dba77a7828ef28d8249",
        "95e67cdac885ec5bca77445c2578b0a56ac896f7a37f9afbd73fa6bc66f81008",
    )


@dataclass(frozen=True)
class ClinTox(Molecules):
    """Was the drug approved, did it fail for toxicity? Two tasks on 1,491 molecules.

    Two binary tasks over 1,024 sparse ECFP4 bits, without holes.

    Parameters
    ----------
    groups : {"scaffold", "molecule"}
        What stays on one side of a split.

    Examples
    --------
    >>> ClinTox().tasks
    2
    """

    groups: str = "scaffold"

    name = "clintox"
    title = "ClinTox"
    rows, features, tasks = 1491, BITS, 2
    source = MOLECULENET
    licence = "not stated"
    citation = (
        f"Gayvert, Madhukar, Elemento. Cell Chemical Biology 23, 2016; Artemov et al. 2016; {WU}"
    )
    split = SPLIT
    traps = REPEATS.format(repeats=7, invalid=4) + (
        "The two labels are almost complementary: a good check for negative relations, and no "
        "evidence for learning together."
    )
    tables = ("clintox.csv.gz", "clintox_ecfp4_1024.npz")
    files = two_files(
        "clintox",
        DEEPCHEM.file(
            "examples/clintox/datasets/clintox.csv.gz",
            "2ee7050a830fe9ae7a8218e6577fa6f54284947034ff904b6d8204e993a297cc",
        ),
        "37899b2022beeefcf64bb88e1a4bba181660f19511dfd0e3eaf77520e79c000f",
        "ed2314b1a8f951959b43109b2652c5c281d3087f2c0479b4f9e7a2a85778f2c6",
    )


@dataclass(frozen=True)
class MUV(Molecules):
    """Does the molecule bind? 17 screening tasks with 0.2 % actives on 93,127 molecules.

    A binary task per screen over 1,024 sparse ECFP4 bits; 84 % of the labels are missing.

    Parameters
    ----------
    groups : {"scaffold", "molecule"}
        What stays on one side of a split.

    Examples
    --------
    >>> MUV().rows
    93127
    """

    groups: str = "scaffold"

    name = "muv"
    title = "MUV (maximum unbiased validation)"
    rows, features, tasks = 93127, BITS, 17
    source = MOLECULENET
    licence = "not stated"
    citation = f"Rohrer, Baumann. J. Chem. Inf. Model. 49, 2009; {WU}"
    split = SPLIT
    traps = REPEATS.format(repeats=40, invalid=0) + (
        "About 29 positive labels per task: use average precision, and expect wide intervals. "
        "Positives were chosen to be spread out, so a scaffold split is very hard."
    )
    tables = ("muv.csv.gz", "muv_ecfp4_1024.npz")
    files = two_files(
        "muv",
        DEEPCHEM.file(
            "datasets/muv.csv.gz",
            "93c8b4a37c5996c76e57d5f3f065fb8b7cf1c19067011eff2293fd2a94ce274a",
        ),
        "c1d7b52684de259e122305deedc53c89f373410edd2569a5f984de34df153624",
        "7354593237399dc2da2e36035b3e63d664c5dcd5a0347c94c4a905bba006e252",
    )


@dataclass(frozen=True)
class Delaney(Molecules):
    """How soluble is the molecule? Measured log solubility of 1,128 molecules.

    One regression task over 1,024 sparse ECFP4 bits. With ``hints``, five properties that follow
    from the structure are auxiliary tasks.

    Parameters
    ----------
    groups : {"scaffold", "molecule"}
        What stays on one side of a split.
    hints : bool
        Whether molecular weight and the counts of H-bond donors, rings and rotatable bonds, and
        the polar surface area, stand beside the main task.

    Examples
    --------
    >>> Delaney(hints=True).replace(groups="molecule")
    Delaney(groups='molecule', hints=True)
    """

    groups: str = "scaffold"
    hints: bool = False

    name = "delaney"
    title = "Delaney (ESOL)"
    rows, features, tasks = 1128, BITS, 1
    source = MOLECULENET
    licence = "not stated"
    citation = f"Delaney. ESOL. J. Chem. Inf. Comput. Sci. 44, 2004; {WU}"
    split = SPLIT
    traps = (
        "the file also holds Delaney's own prediction, which is neither an input nor a task here; "
        "a hint is known for every molecule, so at prediction it could be computed instead. 5 rows "
        "repeat a molecule."
    )
    kind = Regression()
    tables = ("delaney.csv.gz", "delaney_ecfp4_1024.npz")
    files = two_files(
        "delaney",
        DEEPCHEM.file(
            "datasets/delaney-processed.csv",
            "8c06a76f0c6487d29ab0f903e6a7a7139f189ab3c1178f159c8be8964602f189",
        ),
        "e20e4fdefd71d21f7d58761d54963129674f8b4fddc647c63c18e15af080e112",
        "592b121c44ee5025ef7d5a30597b5e2479d09ae2099d30ba2b305d604341d163",
        repack=packed,
    )

    def load(self):
        data = super().load()
        main = "measured log solubility in mols per litre"
        return data.keep(main, *(one for one in data.names if one != main)).main(main)

    def _is_target(self, column):
        hints = (
            *("Molecular Weight", "Number of H-Bond Donors", "Number of Rings"),
            *("Number of Rotatable Bonds", "Polar Surface Area"),
        )
        return column.startswith("measured") or (self.hints and column in hints)
