#!/usr/bin/python3
"""Recomputes the accuracy of one row of a result folder from its files and the images alone (docs/results.md).
Usage: recompute.py runs/main margin-ascent t10k-images-idx3-ubyte.gz t10k-labels-idx1-ubyte.gz [images]"""
import gzip, json, sys
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

folder, name, image_file, label_file, *limit = sys.argv[1:]
read = lambda file, header: np.frombuffer((gzip.open if file.endswith(".gz") else open)(file, "rb").read(), np.uint8, offset=header)
load = lambda file, layer: np.load(f"{folder}/{file}_{layer['name']}.npy").astype(np.int64)
result = json.load(open(f"{folder}/result.json"))
row = next(r for r in result["rows"] if r["name"] == name)
inject, s, base = row["tile"]["inject"], row["tile"]["lsb_exp"], row["tile"]["base"] << (row["tile"]["lsb_exp"] - 8)

def forward(a):  # [images][channels][height][width] -> logits [images][classes]
    for layer, adc in zip(result["network"]["layers"], row["layers"]):
        cells = (load("cells/levels", layer) << s) + inject * load(f"rows/{name}/offsets", layer)
        G = np.clip(base + cells, 0, 2 * base + (3 << s)).astype(float)
        k, pad = layer.get("kernel", 1), layer.get("pad", 0)
        a = np.pad(a if layer["kind"] == "conv" else a.reshape(len(a), -1, 1, 1), ((0, 0), (0, 0), (pad, pad), (pad, pad)))
        patches = sliding_window_view(a, (k, k), (2, 3)).transpose(0, 2, 3, 1, 4, 5)
        x, v = patches.reshape(-1, layer["fan_in"]), load(f"rows/{name}/bias", layer)
        for rows in (slice(begin, begin + layer["block_rows"]) for begin in range(0, layer["fan_in"], layer["block_rows"])):
            for p in range(8):
                S = ((x[:, rows] >> p & 1).astype(float) @ G[rows]).astype(np.int64)
                code = S if adc["transparent"] else np.clip((S + (1 << adc["shift"] >> 1)) >> adc["shift"], 0, 2 ** adc["bits"] - 1)
                v = v + ((code.reshape(len(x), -1, 4) @ np.array([1, 4, -1, -4])) << p)
        a = v.reshape(*patches.shape[:3], -1).transpose(0, 3, 1, 2)
        if layer is not result["network"]["layers"][-1]:
            a = np.clip(np.clip(a, -(2**45), 2**45 - 1) * adc["multiplier"] + (1 << adc["right_shift"] - 1) >> adc["right_shift"], 0, 255)
            a = sliding_window_view(a, (2, 2), (2, 3))[:, :, ::2, ::2].max((4, 5)) if layer.get("pool") else a
    return a.reshape(len(a), -1)

images = read(image_file, 16).reshape(-1, 1, result["data"]["height"], result["data"]["width"])[:int(*limit) or row["model"]["images"]]
logits = np.concatenate([forward(images[i:i + 200]) for i in range(0, len(images), 200)])
stored = np.load(f"{folder}/rows/{name}/logits.npy")[:len(images)]
np.testing.assert_array_equal(logits[:len(stored)], stored)
correct = logits.argmax(1) == read(label_file, 8)[:len(images)]
print(f"{name}: {correct.sum()} of {len(images)} correct, {correct.mean():.2%}; the first {len(stored)} images' logits are those stored")
