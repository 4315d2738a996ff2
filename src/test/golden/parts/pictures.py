# SPDX-License-Identifier: Apache-2.0
"""Small pictures of every kind that is decoded, and what transformers' image processors make of them."""
import io
import json

import numpy as np
import torch
from PIL import Image
from transformers import CLIPImageProcessor, LlavaImageProcessor

from .files import random, write_json, write_tensors

PROCESSORS = {
    "clip": CLIPImageProcessor(size={"shortest_edge": 24}, crop_size={"height": 24, "width": 24}),
    "clip-wide-crop": CLIPImageProcessor(size={"shortest_edge": 17}, crop_size={"height": 23, "width": 30}),
    "clip-exact": CLIPImageProcessor(size={"height": 21, "width": 26}, do_center_crop=False),
    "clip-bilinear": CLIPImageProcessor(size={"shortest_edge": 24}, crop_size=24, resample=2),
    "llava": LlavaImageProcessor(size={"shortest_edge": 24}, crop_size={"height": 24, "width": 24}),
    "llava-padded": LlavaImageProcessor(do_pad=True, size={"height": 24, "width": 24}, crop_size={"height": 24, "width": 24}),
}

SOME = ("rgb.png", "tall.png", "tiny.png", "rgb.jpg")


def make(out):
    folder = out / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.*"):
        old.unlink()
    files = {name: draw(folder, name, *how) for name, how in kinds().items()}
    bitmaps, expected = {}, {}
    for name, path in files.items():
        with Image.open(path) as picture:
            from PIL import ImageOps

            shown = ImageOps.exif_transpose(picture).convert("RGB")
            bitmaps[name] = torch.from_numpy(np.array(shown).astype(np.int64))
    for title, processor in PROCESSORS.items():
        write_json(folder / f"{title}.json", json.loads(processor.to_json_string()))
        for name, path in files.items():
            if title not in ("clip", "llava-padded") and name not in SOME:
                continue
            pixels = processor(images=[str(path)], return_tensors="np")["pixel_values"][0]
            expected[f"{title}.{name}"] = torch.from_numpy(np.ascontiguousarray(pixels))
    write_tensors(folder / "bitmaps.safetensors", {name: t.to(torch.uint8) for name, t in bitmaps.items()})
    write_tensors(folder / "pixels.safetensors", expected)
    smooth = painted("resize", 53, 37)
    resized = {}
    for width, height in ((20, 9), (53, 11), (101, 37), (64, 64), (1, 1), (7, 80), (70, 9)):
        for title, filter in (("bicubic", Image.BICUBIC), ("bilinear", Image.BILINEAR)):
            made = Image.fromarray(smooth).resize((width, height), filter)
            resized[f"{title}.{width}x{height}"] = torch.from_numpy(np.array(made))
    write_tensors(folder / "resized.safetensors", {"whole": torch.from_numpy(smooth), **resized})


def painted(name, width, height):
    """Returns a picture with soft colours, a hard edge and noise: what shows rounding and ringing."""
    x, y = np.meshgrid(np.arange(width), np.arange(height))
    soft = np.stack([127 + 120 * np.sin(x / 7 + y / 11), 127 + 120 * np.cos(x / 5), 255 * y / height], -1)
    soft[height // 3 : height // 2, width // 4 : width // 2] = (255, 255, 0)
    noise = random("picture " + name).randint(-20, 21, soft.shape)
    return np.clip(soft + noise, 0, 255).astype(np.uint8)


def kinds():
    """Returns a mode, a size, a file ending and what to save with, for each kind."""
    jpeg = {"quality": 90}
    made = {
        "rgb.png": ("RGB", 47, 31, {}),
        "tall.png": ("RGB", 13, 58, {}),
        "tiny.png": ("RGB", 5, 4, {}),  # transformers takes one or three rows for channels
        "interlaced.png": ("RGB", 40, 29, {"interlace": True}),
        "alpha.png": ("RGBA", 33, 27, {}),
        "grey.png": ("L", 30, 41, {}),
        "grey-alpha.png": ("LA", 30, 41, {}),
        "palette.png": ("P", 37, 26, {}),
        "palette-clear.png": ("P", 37, 26, {"transparency": 3}),
        "bits.png": ("1", 35, 29, {}),
        "grey16.png": ("I;16", 31, 22, {}),
        "rgb.jpg": ("RGB", 47, 31, jpeg),
        "full.jpg": ("RGB", 45, 38, {**jpeg, "subsampling": 0}),
        "half.jpg": ("RGB", 45, 38, {**jpeg, "subsampling": 1}),
        "progressive.jpg": ("RGB", 45, 38, {**jpeg, "progressive": True}),
        "grey.jpg": ("L", 29, 33, jpeg),
        "cmyk.jpg": ("CMYK", 31, 36, {**jpeg, "subsampling": 0}),
        "poor.jpg": ("RGB", 64, 48, {"quality": 25}),
    }
    for turn in range(2, 9):
        made[f"turned-{turn}.jpg"] = ("RGB", 30, 20, {**jpeg, "turn": turn})
    made["turned-6.png"] = ("RGB", 30, 20, {"turn": 6})
    return made


def draw(folder, name, mode, width, height, options):
    options = dict(options)
    rgb = Image.fromarray(painted(name, width, height))
    if mode == "RGBA":
        rgb.putalpha(Image.fromarray(painted(name + " alpha", width, height)[..., 0]))
        picture = rgb
    elif mode == "LA":
        picture = rgb.convert("L")
        picture.putalpha(Image.fromarray(painted(name + " alpha", width, height)[..., 0]))
    elif mode == "P":
        picture = rgb.quantize(32)
    elif mode == "I;16":
        wide = painted(name, width, height)[..., 0].astype(np.uint16) * 3
        picture = Image.fromarray(wide)
    else:
        picture = rgb.convert(mode)
    if "turn" in options:
        exif = Image.Exif()
        exif[0x0112] = options.pop("turn")
        options["exif"] = exif.tobytes()
    if options.pop("interlace", False):
        return interlaced(folder / name, np.array(picture))
    picture.save(folder / name, **options)
    return folder / name


def interlaced(path, rgb):
    """Writes Adam7, which Pillow only reads."""
    import struct
    import zlib

    height, width, _ = rgb.shape
    rows = bytearray()
    for x0, y0, dx, dy in ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)):
        part = rgb[y0::dy, x0::dx]
        for row in part if part.size else ():
            rows += b"\0" + row.tobytes()

    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 1)
    out = io.BytesIO(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(rows))) + chunk(b"IEND", b""))
    path.write_bytes(out.getvalue())
    return path
