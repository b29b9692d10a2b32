"""Multi-label classification: yeast, emotions, scene."""

from dataclasses import dataclass

from polytask.datasets.mulan import MultiLabel, label_file


@dataclass(frozen=True)
class Yeast(MultiLabel):
    """Which of 14 functional classes does the gene of yeast belong to?

    A binary task per label.

    Examples
    --------
    >>> Yeast().tasks
    14
    """

    name = "yeast"
    title = "Yeast"
    rows, features, tasks = 2417, 103, 14
    citation = "Elisseeff, Weston. A kernel method for multi-labelled classification. NIPS 2001."
    split = "official, 1,500 training and 917 test rows: ``splits()``"
    traps = "the labels overlap much (4.2 a row); two of them are on in three of four rows."
    sizes = (1500, 917)
    files = label_file(
        "yeast",
        (
            "e759dc991ff54694a4ff9c4314f3be0d6fd2b1994a4b563f57e416394c6aebbd",
            "4aaac102bff9669a765bf0b378602e5cc8c3b181048282e2f003117b496d552a",
            "c3056cc26444b5158b1588d1b73bec9c45429e10f0957ad085903423cb81f247",
        ),
        "4ef79fc6cfc313c71997ce28f6e4bc3fd6c2b27efa30199030fd1d15caed793b",
    )


@dataclass(frozen=True)
class Emotions(MultiLabel):
    """Which of six emotions does the piece of music evoke?

    A binary task per label.

    Examples
    --------
    >>> Emotions().tasks
    6
    """

    name = "emotions"
    title = "Emotions"
    rows, features, tasks = 593, 72, 6
    citation = (
        "Trohidis, Tsoumakas, Kalliris, Vlahavas. Multi-label classification of music into "
        "emotions. ISMIR 2008."
    )
    split = "official, 391 training and 202 test rows: ``splits()``"
    traps = "the 202 test rows give a standard error of about three points."
    sizes = (391, 202)
    files = label_file(
        "emotions",
        (
            "bbe704106c79bb8fb99c1d1d2e9bde081d6a2daeb01f100862f11fd91a3c1f98",
            "f13d4b746b7b5c8eb484bd751d6ac463d4560dff998a93516a5c1fe35daf6c8f",
            "dbce8e6ccbbb2fcbfd9e9edbb230d7ed12692c6e13f59fdbc0161fa9b6cf2dc0",
        ),
        "a2394e3cd55aa31008a1b3201662c2d50c6ac021643e8d79066542bd5b3ea072",
    )


@dataclass(frozen=True)
class Scene(MultiLabel):
    """Which of six things does the picture show?

    A binary task per label.

    Examples
    --------
    >>> Scene().tasks
    6
    """

    name = "scene"
    title = "Scene"
    rows, features, tasks = 2407, 294, 6
    citation = (
        "Boutell, Luo, Shen, Brown. Learning multi-label scene classification. Pattern Recognition "
        "37, 2004."
    )
    split = "official, 1,211 training and 1,196 test rows: ``splits()``"
    traps = "only 1.07 labels a row: almost a multiclass set."
    sizes = (1211, 1196)
    files = label_file(
        "scene",
        (
            "b53ba93bdf412de922e3960389bcee24744fa3e872ce610511fc1d750888b64d",
            "ea38d20296b3ff7e220f477a3b802a9bcb2d768881fe6ee163efbc97ea527a42",
            "55d8b247b949ad5c52e5a73d8c6775ec6e5469ce9682465b45b333b68ee4bcc5",
        ),
        "ce5865f99940395c816ea3f1cf245b99e263527ebc2139bc86e9386f92cef99d",
    )
