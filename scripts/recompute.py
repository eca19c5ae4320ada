#!/usr/bin/python3
"""Recomputes the accuracy of one row of a result folder from its files and the images alone (docs/results.md).
Usage: recompute.py runs/main margin-ascent t10k-images-idx3-ubyte.gz t10k-labels-idx1-ubyte.gz [images]"""
import gzip, json, sys
import numpy as np

folder, name, image_file, label_file = sys.argv[1:5]
read = lambda file: np.frombuffer((gzip.open if file.endswith(".gz") else open)(file, "rb").read(), np.uint8)
load = lambda file, layer: np.load(f"{folder}/{file}_{layer['name']}.npy").astype(np.int64)
result = json.load(open(f"{folder}/result.json"))
row = next(r for r in result["rows"] if r["name"] == name)
s = row["tile"]["lsb_exp"]
base = row["tile"]["base"] << (s - 8)

def forward(a):  # [images][channels][height][width] -> logits [images][classes]
    for layer, adc in zip(result["network"]["layers"], row["layers"]):
        off = load(f"rows/{name}/offsets", layer) if row["tile"]["inject"] else 0
        G = np.clip(base + (load("cells/levels", layer) << s) + off, 0, 2 * base + (3 << s)).astype(float)
        k, pad = layer.get("kernel", 1), layer.get("pad", 0)
        a = np.pad(a if layer["kind"] == "conv" else a.reshape(len(a), -1, 1, 1), ((0, 0), (0, 0), (pad, pad), (pad, pad)))
        patches = np.lib.stride_tricks.sliding_window_view(a, (k, k), (2, 3)).transpose(0, 2, 3, 1, 4, 5)
        n, h, w = patches.shape[:3]
        x, v = patches.reshape(-1, layer["fan_in"]), load(f"rows/{name}/bias", layer)
        for begin in range(0, layer["fan_in"], layer["block_rows"]):
            rows = slice(begin, begin + layer["block_rows"])
            for p in range(8):
                S = ((x[:, rows] >> p & 1).astype(float) @ G[rows]).astype(np.int64)
                code = S if adc["transparent"] else np.clip((S + (1 << adc["shift"] >> 1)) >> adc["shift"], 0, 2 ** adc["bits"] - 1)
                v = v + ((code.reshape(len(x), -1, 4) @ np.array([1, 4, -1, -4])) << p)
        a = v.reshape(n, h, w, -1).transpose(0, 3, 1, 2)
        if layer is not result["network"]["layers"][-1]:
            a = np.clip(a, -(2**45), 2**45 - 1) * adc["multiplier"] + (1 << (adc["right_shift"] - 1))
            a = np.clip(a >> adc["right_shift"], 0, 255)
            if layer.get("pool"):
                a = a[:, :, :h // 2 * 2, :w // 2 * 2].reshape(n, -1, h // 2, 2, w // 2, 2).max((3, 5))
    return a.reshape(n, -1)

count = int(sys.argv[5]) if len(sys.argv) > 5 else row["model"]["images"]
images = read(image_file)[16:].reshape(-1, 1, result["data"]["height"], result["data"]["width"])[:count].astype(np.int64)
logits = np.concatenate([forward(images[i:i + 200]) for i in range(0, count, 200)])
stored = np.load(f"{folder}/rows/{name}/logits.npy")[:count]
equal = np.array_equal(logits[:len(stored)], stored)
correct = int((logits.argmax(1) == read(label_file)[8:][:count]).sum())
print(f"{name}: {correct} of {count} correct, {100 * correct / count:.2f} %; "
      f"logits of the first {len(stored)} images are {'equal' if equal else 'DIFFERENT'}")
sys.exit(0 if equal else 1)
