"""A conversion does what its line says, on originals small enough to write here."""

import gzip
import io
import sys
import zipfile
import zlib

import numpy as np
import pytest
from scipy import sparse
from scipy.io import savemat

from polytask.datasets import (
    amazon_sentiment,
    computer_survey,
    cookie,
    kang,
    landmine,
    mfeat,
    newsgroups,
    omniglot,
    sarcos,
    usps,
)
from polytask.datasets.mulan import label_file, target_file
from polytask.datasets.png import grey
from polytask.datasets.writers import packed, repacked, same
from polytask.errors import DataError, MissingExtraError


def mat(**arrays):
    out = io.BytesIO()
    savemat(out, arrays)
    return out.getvalue()


def cells(*arrays):
    out = np.empty((1, len(arrays)), dtype=object)
    for i, array in enumerate(arrays):
        out[0, i] = array
    return out


def npz(content):
    return dict(np.load(io.BytesIO(content)))


def text(content):
    return gzip.decompress(content).decode().splitlines()


def test_landmine_cells_become_one_table_with_the_field():
    features = cells(np.full((2, 9), 0.5), np.full((3, 9), 1.5))
    labels = cells(np.array([[0], [1]]), np.array([[1], [0], [0]]))
    made = npz(landmine.convert(mat(feature=features, label=labels)))
    assert made["X"][:, 0].tolist() == [0.5, 0.5, 1.5, 1.5, 1.5]
    assert made["y"].tolist() == [0, 1, 1, 0, 0]
    assert made["task"].tolist() == [0, 0, 1, 1, 1]


def test_sarcos_columns_become_inputs_and_torques():
    made = npz(sarcos.convert(mat(sarcos_inv_test=np.arange(56.0).reshape(2, 28))))
    assert made["X"].shape == (2, 21)
    assert made["Y"][0].tolist() == list(range(21, 28))


def test_kang_parts_keep_their_labels():
    parts = {f"digit_{part}x": np.full((2, 3), i) / 3 for i, part in enumerate(kang.PARTS)}
    parts |= {f"digit_{part}y": np.array([[1], [10]], np.uint8) for part in kang.PARTS}
    made = npz(kang.convert(mat(**parts)))
    assert made["y_valid"].tolist() == [1, 10]
    assert made["X_test"].dtype == np.float32


def test_cookie_names_become_plain_text():
    made = npz(
        cookie.convert(
            mat(
                A_train=np.ones((2, 3)),
                y_train=np.ones((2, 2)),
                A_test=np.zeros((1, 3)),
                y_test=np.zeros((1, 2)),
                spectrum=np.array([[1100, 1102, 1104]], np.uint16),
                ingredients=cells("fat", "water "),
            )
        )
    )
    assert made["target_names"].tolist() == ["fat", "water"]
    assert made["wavelength_nm"].tolist() == [1100, 1102, 1104]


def test_newsgroups_become_parts_of_sparse_tables():
    dense = np.array([[0.0, 2.0, 0.0], [1.0, 0.0, 3.0]])
    one = mat(fea=sparse.csc_matrix(dense), gnd=np.array([[1], [2]], np.uint8))
    made = npz(newsgroups.convert(one, one, one, one))
    for task in newsgroups.TASKS:
        parts = (made[f"{task}_{part}"] for part in ("data", "indices", "indptr"))
        assert np.array_equal(sparse.csr_matrix(tuple(parts), shape=(2, 3)).toarray(), dense)
        assert made[f"{task}_y"].tolist() == [1, 2]


def test_reviews_become_parts_of_sparse_tables():
    train, test = b"1 0:6 3:2 \n0 1:1 \n", b"0 4999:3 \n"
    made = npz(amazon_sentiment.convert(train, test))
    assert made["train_y"].tolist() == [1, 0] and made["test_y"].tolist() == [0]
    assert made["train_indices"].tolist() == [0, 3, 1]
    assert made["train_data"].tolist() == [6, 2, 1]
    assert made["train_shape"].tolist() == [2, 5000] and made["test_indices"].tolist() == [4999]


def test_mfeat_lines_become_digits_in_order():
    made = npz(mfeat.convert(b" 0  6\n 3  1\n" * 60 * 2000))
    assert made["X"].shape == (2000, 240)
    assert np.bincount(made["y"]).tolist() == [200] * 10


def test_the_computer_survey_becomes_two_text_tables():
    original = mat(
        designMarix=np.ones((20, 14), np.int16),
        likeBuy=np.full((190, 20), 7, np.uint8),
        computerDataZ=np.full((190, 7), 2, np.uint8),
    )
    design = computer_survey.convert_design(original).decode().splitlines()
    ratings = computer_survey.convert_ratings(original).decode().splitlines()
    assert design[1] == "1," + ",".join(["1"] * 14)
    assert len(ratings) == 191
    assert ratings[-1] == "201," + ",".join(["7"] * 20 + ["2"] * 6)


def test_an_arff_file_becomes_text_with_marked_columns():
    arff = (
        b"@relation r\n% remark\n@attribute 'a b' numeric\n@attribute c {x, y}\n@attribute t real\n"
    )
    arff += b"@data\n1.50, x, ?\n\n-2,y,3e-1\n"
    (file,) = target_file("small", 1, "0" * 64, "0" * 64)
    assert text(file.convert(arff)) == ["x:a b,x:c,y:t", "1.50,x,", "-2,y,3e-1"]


def test_labels_are_the_columns_that_the_list_names_in_its_order():
    head = b"@relation r\n@attribute u numeric\n@attribute A {0,1}\n@attribute B {0,1}\n@data\n"
    listed = b'<labels><label name="B"></label><label name="A"></label></labels>'
    (file,) = label_file("small", ("0" * 64,) * 3, "0" * 64)
    made = text(file.convert(head + b"5,0,1\n", head + b"6,1,1\n", listed))
    assert made == ["split,x:u,y:B,y:A", "train,5,1,0", "test,6,1,1"]


def test_packing_keeps_the_text_and_forgets_the_time():
    assert gzip.decompress(packed(b"text")) == b"text"
    assert packed(b"text") == packed(b"text")
    assert packed(b"text")[4:8] == b"\0\0\0\0"
    assert repacked(gzip.compress(b"text", mtime=12345)) == packed(b"text")
    assert same(b"text") == b"text"


def test_usps_pixels_become_whole_thousandths():
    h5py = pytest.importorskip("h5py")
    out = io.BytesIO()
    with h5py.File(out, "w") as file:
        for part in ("train", "test"):
            # 0.0625 of [0, 1] is -0.875 of [-1, 1], which is 125 thousandths above -1
            file[f"{part}/data"] = np.array([[0.0, 0.0625, 1.0]], np.float32)
            file[f"{part}/target"] = np.array([7])
    made = npz(usps.convert(out.getvalue()))
    assert made["X_train"].tolist() == [[0, 125, 2000]]
    assert made["y_test"].tolist() == [7]


def test_without_h5py_the_message_has_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "h5py", None)
    with pytest.raises(MissingExtraError, match=r'"polytask\[data\]"'):
        usps.convert(b"")


def png(points, ways):
    """A grey picture of one byte a point whose lines are written as differences in these ways."""

    def chunk(word, content):
        sum32 = zlib.crc32(word + content).to_bytes(4)
        return len(content).to_bytes(4) + word + content + sum32

    body = b""
    padded = np.pad(points.astype(int), ((1, 0), (1, 0)))
    for y, way in enumerate(ways, 1):
        left, up, corner = padded[y, :-1], padded[y - 1, 1:], padded[y - 1, :-1]
        slope = left + up - corner
        gaps = np.abs(np.stack([left, up, corner]) - slope)
        paeth = np.choose(gaps.argmin(0), [left, up, corner])
        guess = (0, left, up, (left + up) // 2, paeth)[way]
        body += bytes([way]) + ((padded[y, 1:] - guess) % 256).astype(np.uint8).tobytes()
    height, width = points.shape
    head = width.to_bytes(4) + height.to_bytes(4) + bytes([8, 0, 0, 0, 0])
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(body)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def test_a_picture_written_in_every_way_is_read():
    points = np.random.default_rng(0).integers(0, 256, size=(5, 7)).astype(np.uint8)
    assert np.array_equal(grey(png(points, range(5))), points)
    with pytest.raises(DataError, match="Expected a PNG picture"):
        grey(b"GIF89a")


def test_drawings_become_packed_bits_with_their_places():
    points = np.full((105, 105), 255, np.uint8)
    points[3, 4] = 0
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path in ("Greek/character02/0002_07.png", "Latin/character01/0001_20.png"):
            archive.writestr(f"images/{path}", png(points, [0] * 105))
    made = npz(omniglot.convert(out.getvalue()))
    bits = np.unpackbits(made["ink"], axis=1)[:, : 105 * 105].reshape(2, 105, 105)
    assert np.argwhere(bits[1]).tolist() == [[3, 4]]
    assert made["alphabet_names"].tolist() == ["Greek", "Latin"]
    assert made["character"].tolist() == [1, 0] and made["drawer"].tolist() == [6, 19]
