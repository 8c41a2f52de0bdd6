"""Draws a product's picture: a flat shape in its colour on a quiet ground."""

from io import BytesIO

from PIL import Image, ImageDraw

SIDE = 640
_GROUND = (244, 241, 235)
_SHADOW = (226, 221, 211)
_OVERSAMPLING = 2

COLORS = {
    "Black": (38, 38, 40), "Chalk": (214, 208, 196), "Cognac": (158, 90, 50),
    "Cream": (232, 218, 186), "Forest": (47, 82, 62), "Heather": (150, 140, 160),
    "Indigo": (52, 64, 110), "Ink": (35, 48, 74), "Mist": (178, 194, 200),
    "Moss": (110, 122, 72), "Natural": (200, 184, 154), "Oat": (216, 198, 166),
    "Ochre": (204, 150, 54), "Pine": (40, 72, 66), "Rust": (170, 78, 48),
    "Sand": (212, 192, 150), "Slate": (98, 108, 118), "Steel": (160, 168, 174),
    "White": (250, 250, 248), "Zinc": (150, 158, 160),
}  # fmt: skip
_MATERIALS = {
    "Steel": "Steel", "Oak": "Oat", "Glass": "Mist", "Paper": "Chalk", "Brass": "Ochre",
    "Terracotta": "Rust", "Coffee": "Cognac", "Honey": "Ochre", "Olives": "Moss",
    "Herbs": "Moss", "Cocoa": "Cognac", "Walnut": "Cognac", "Cast iron": "Black",
}  # fmt: skip

# Each shape in hundredths of the picture: e(llipse), r(ectangle, last number its corner radius) and
# p(olygon). A leading - draws in the ground's colour (a hole), a leading + in a lighter tone.
_SHAPES = {
    "mug": "r 28 32 66 74 5|e 58 40 80 64|-e 62 46 74 58|r 28 32 66 74 5|+e 28 28 66 37",
    "kettle": "e 26 38 72 80|p 66 50 86 34 88 38 70 64|e 34 16 64 46|-e 38 21 60 44|r 30 40 68 76 20|+e 44 32 54 40",
    "bowl": "p 20 42 80 42 70 68 60 74 40 74 30 68|+e 20 37 80 47",
    "plate": "e 16 40 84 66|+e 26 44 74 60",
    "knife": "p 14 56 60 38 62 48 20 60|r 60 38 88 47 3",
    "board": "r 22 24 70 78 6|-e 60 28 66 34|r 66 44 84 54 4",
    "pan": "e 16 30 62 76|+e 21 35 57 71|r 58 48 90 56 4",
    "carafe": "p 36 20 64 20 56 44 68 76 32 76 44 44|+p 34 12 66 12 56 30 44 30",
    "jar": "r 30 34 70 80 6|+r 34 24 66 35 3|-r 38 48 62 66 1",
    "towel": "r 30 18 70 82 1|+r 30 66 70 69 0|+r 30 72 70 74 0",
    "apron": "p 38 16 62 16 64 38 76 44 76 82 24 82 24 44 36 38|+r 36 54 64 70 2",
    "blanket": "p 18 34 74 26 84 66 28 76|+p 22 46 78 38 80 44 23 52|+p 25 60 82 52 83 57 26 66",
    "cushion": "p 22 22 50 26 78 22 74 50 78 78 50 74 22 78 26 50",
    "lamp": "p 34 16 66 16 78 50 22 50|r 47 50 53 74 1|e 34 70 66 80",
    "pendant": "r 49 8 51 32 0|p 44 30 56 30 82 62 18 62|+e 42 58 58 68",
    "candle": "r 28 34 36 80 2|r 46 28 54 80 2|r 64 38 72 80 2|+e 30 24 34 34|+e 48 18 52 28|+e 66 28 70 38",
    "holder": "e 22 60 70 74|r 40 42 54 66 2|e 64 52 84 72|-e 69 57 79 67",
    "lantern": "r 36 22 64 28 2|+r 38 30 62 66 8|r 34 66 66 80 3|e 34 8 66 36|-e 37 11 63 33|r 40 16 60 24 3",
    "tent": "p 50 24 88 74 12 74|-p 50 40 60 74 40 74|+p 50 24 54 24 92 74 88 74",
    "bag": "p 38 16 62 16 72 36 64 82 36 82 28 36|+r 48 22 51 76 0",
    "mat": "r 16 46 84 68 3|+r 16 52 84 54 0|+r 16 60 84 62 0",
    "stove": "r 46 50 54 74 1|e 34 70 66 82|p 26 40 74 40 60 52 40 52|+r 24 36 76 41 2",
    "flask": "r 38 30 62 82 6|r 43 20 57 32 2|+r 42 16 58 24 2",
    "headlamp": "e 16 34 84 62|-e 20 39 80 57|r 38 42 62 66 5|+e 44 47 56 61",
    "pack": "r 28 24 72 80 14|+r 34 52 66 74 5|e 40 12 60 32|-e 44 16 56 30|r 28 26 72 40 8",
    "chair": "p 24 20 32 20 44 58 74 58 74 64 40 64|p 40 62 44 62 30 84 26 84|p 70 62 74 62 80 84 76 84",
    "trowel": "p 40 50 60 50 62 72 50 88 38 72|r 47 34 53 52 1|+r 45 10 55 36 5",
    "shears": "p 46 48 54 48 60 12 54 10|p 54 48 46 48 40 12 46 10|e 26 54 48 82|-e 31 60 43 76|e 52 54 74 82|-e 57 60 69 76",
    "can": "r 34 38 68 78 3|p 20 24 24 22 38 60 34 66|e 58 24 86 66|-e 62 30 80 60|r 34 38 68 78 3|+r 14 18 26 26 2",
    "pot": "p 28 38 72 38 64 80 36 80|+r 25 28 75 40 2",
    "seeds": "r 30 18 70 82 2|+e 42 34 58 50|-e 47 39 53 45|+r 49 48 51 70 0",
    "glove": "r 36 44 66 82 8|r 37 20 43 52 3|r 45 14 51 52 3|r 53 16 59 52 3|r 60 24 66 52 3|p 36 56 22 42 27 38 40 50",
    "house": "p 50 14 84 44 16 44|r 26 44 74 72 1|-e 42 50 58 66|+r 20 72 80 78 1",
    "shirt": "p 36 20 64 20 86 36 78 50 68 44 68 82 32 82 32 44 22 50 14 36|-e 42 15 58 27",
    "sweater": "p 36 20 64 20 80 30 90 70 80 73 70 46 70 82 30 82 30 46 20 73 10 70 20 30|+e 41 16 59 26|+r 30 78 70 82 0",
    "jacket": "p 38 22 62 22 80 30 88 68 78 71 70 46 70 84 30 84 30 46 22 71 12 68 20 30|e 38 10 62 34|+r 49 24 51 84 0",
    "beanie": "e 26 24 74 88|-r 20 66 80 92 0|+r 24 58 76 72 4",
    "sock": "r 42 14 60 60 2|e 26 50 60 76|+r 42 14 60 22 1",
    "belt": "e 16 34 84 66|-e 22 40 78 60|+r 42 58 58 70 2|-r 46 61 54 67 1",
    "tote": "p 26 40 74 40 80 84 20 84|e 36 14 64 60|-e 40 18 60 56|p 26 40 74 40 80 84 20 84",
    "scarf": "p 50 20 84 54 50 84 16 54|+p 50 30 74 54 50 74 26 54",
    "book": "r 26 18 74 82 2|+r 26 18 32 82 0|+r 64 18 66 82 0",
    "letter": "r 18 32 82 72 1|+p 18 32 82 32 50 56",
    "calendar": "r 26 14 74 86 1|+r 30 18 70 50 0|-r 30 56 70 58 0|-r 30 64 70 66 0|-r 30 72 70 74 0",
    "pen": "p 20 76 24 70 76 22 82 28 30 80|+p 20 76 24 70 30 80 18 84",
    "pencil": "r 26 20 34 72 0|p 26 72 34 72 30 82|r 44 20 52 72 0|p 44 72 52 72 48 82|r 62 20 70 72 0|p 62 72 70 72 66 82",
    "tray": "r 14 42 86 62 4|+r 18 46 64 58 3|+e 68 46 82 58",
    "ruler": "r 10 44 90 56 0|+r 14 44 15 50 0|+r 26 44 27 50 0|+r 38 44 39 50 0|+r 50 44 51 50 0|+r 62 44 63 50 0|+r 74 44 75 50 0|+r 86 44 87 50 0",
    "pouch": "p 32 18 68 18 74 82 26 82|+r 36 40 64 62 2|+r 31 22 69 24 0",
    "bar": "r 32 14 68 86 2|+r 32 14 68 30 1|-r 40 48 60 62 1",
}  # fmt: skip


def draw(shape: str, *, color: str | None, material: str) -> bytes:
    """A square PNG of the shape in the named colour, or in its material's."""
    tint = COLORS.get(color or "") or COLORS.get(_of(material), COLORS["Slate"])
    size = SIDE * _OVERSAMPLING
    image = Image.new("RGB", (size, size), _GROUND)
    pen = ImageDraw.Draw(image)
    pen.ellipse([_at(v) for v in (20, 80, 80, 90)], fill=_SHADOW)
    for stroke in _SHAPES[shape].split("|"):
        _stroke(pen, stroke, tint)
    out = BytesIO()
    image.reduce(_OVERSAMPLING).save(out, "PNG")
    return out.getvalue()


def _stroke(pen: ImageDraw.ImageDraw, stroke: str, tint: tuple[int, int, int]) -> None:
    fill = {"-": _GROUND, "+": _lighter(tint)}.get(stroke[0], tint)
    kind, *numbers = stroke.lstrip("+-").split()
    points = [_at(int(number)) for number in numbers]
    if kind == "e":
        pen.ellipse(points, fill=fill)
    elif kind == "r":
        pen.rounded_rectangle(points[:4], radius=points[4], fill=fill)
    else:
        pen.polygon(points, fill=fill)


def _of(material: str) -> str:
    return next((color for name, color in _MATERIALS.items() if name in material), "Slate")


def _at(hundredths: int) -> int:
    return hundredths * SIDE * _OVERSAMPLING // 100


def _lighter(tint: tuple[int, int, int]) -> tuple[int, int, int]:
    red, green, blue = (part + (255 - part) * 2 // 5 for part in tint)
    return red, green, blue
