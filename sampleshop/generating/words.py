"""The words that products and buyers are made of."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that is sold: its noun, the shape in its picture, its cheapest price, weight and HS code."""

    noun: str
    shape: str
    least_minor: int
    grams: int
    hs_code: str


SHELVES = {
    "Tableware": (
        Thing("Mug", "mug", 690, 350, "691110"),
        Thing("Bowl", "bowl", 890, 520, "691110"),
        Thing("Plate", "plate", 790, 640, "691110"),
        Thing("Carafe", "carafe", 1490, 800, "701337"),
    ),
    "Cookware": (
        Thing("Kettle", "kettle", 2990, 980, "732394"),
        Thing("Pan", "pan", 3490, 2200, "732391"),
        Thing("Knife", "knife", 1990, 240, "821192"),
        Thing("Chopping Board", "board", 1790, 1400, "441911"),
        Thing("Storage Jar", "jar", 590, 450, "701090"),
    ),
    "Linens": (
        Thing("Towel", "towel", 990, 300, "630260"),
        Thing("Apron", "apron", 1990, 320, "621142"),
        Thing("Blanket", "blanket", 3990, 1300, "630120"),
        Thing("Cushion", "cushion", 1490, 600, "940490"),
    ),
    "Lighting": (
        Thing("Table Lamp", "lamp", 3990, 1600, "940520"),
        Thing("Pendant", "pendant", 4490, 1200, "940510"),
        Thing("Candle", "candle", 490, 220, "340600"),
        Thing("Lantern", "lantern", 1990, 620, "940550"),
    ),
    "Travel": (
        Thing("Backpack", "pack", 5990, 1100, "420292"),
        Thing("Flask", "flask", 1490, 280, "961700"),
        Thing("Tote", "tote", 990, 210, "420222"),
        Thing("Headlamp", "headlamp", 1990, 90, "851310"),
        Thing("Camp Chair", "chair", 4990, 3200, "940179"),
    ),
    "Clothing": (
        Thing("T-Shirt", "shirt", 1490, 180, "610910"),
        Thing("Sweater", "sweater", 3990, 620, "611011"),
        Thing("Jacket", "jacket", 6990, 700, "620193"),
        Thing("Beanie", "beanie", 1290, 90, "650500"),
        Thing("Scarf", "scarf", 1790, 120, "621420"),
        Thing("Belt", "belt", 1990, 240, "420330"),
    ),
    "Stationery": (
        Thing("Notebook", "book", 690, 290, "482010"),
        Thing("Pen", "pen", 490, 40, "960810"),
        Thing("Pencil Set", "pencil", 590, 120, "960910"),
        Thing("Calendar", "calendar", 1290, 380, "491000"),
    ),
    "Balcony": (
        Thing("Planter", "pot", 990, 1400, "691390"),
        Thing("Watering Can", "can", 1990, 900, "732690"),
        Thing("Secateurs", "shears", 1990, 230, "820150"),
        Thing("Bird House", "house", 1790, 1500, "442199"),
    ),
}
THINGS = tuple((shelf, thing) for shelf, things in SHELVES.items() for thing in things)

QUALITIES = (
    "Calm", "Plain", "Bright", "Sturdy", "Light", "Quiet", "Warm", "Fine", "Broad", "Small",
    "Round", "Slim", "Classic", "Daily", "Northern", "Southern", "Coastal", "Rustic", "Urban",
    "Festive", "Folding", "Stackable", "Hand-Made", "Recycled", "Vintage", "Studio",
)  # fmt: skip
MATERIALS = (
    "Oak", "Walnut", "Steel", "Brass", "Linen", "Wool", "Cotton", "Canvas", "Leather", "Glass",
    "Stoneware", "Terracotta", "Bamboo", "Cork", "Felt", "Enamel", "Copper", "Paper",
)  # fmt: skip
BRANDS = (
    "Aldermoor", "Birkhaus", "Cove & Co", "Dunlin", "Eskdale", "Fernweg", "Gritstone", "Halvard",
    "Inselwerk", "Juniper Row", "Kestrel", "Lindgard", "Moorland", "Nordlicht", "Osprey Lane",
    "Pinewright", "Quayside", "Rookery", "Saltmarsh", "Tidewater", "Umbra", "Vallhagen", "Westerly",
    "Yarrow", "Zephyr",
)  # fmt: skip
COLORS = ("Black", "Chalk", "Cream", "Forest", "Indigo", "Mist", "Moss", "Ochre", "Rust", "Slate")
SIZES = ("S", "M", "L", "XL")
TAGS = ("gift", "new", "organic", "local", "limited", "bestseller", "vegan", "repairable")
SENTENCES = (
    "Made in small runs and finished by hand.",
    "Simple to care for and easy to mend.",
    "A shape that has proved itself for years.",
    "Packed without plastic.",
    "It ages well and stays useful.",
    "Tested in daily use before it left the workshop.",
    "Goes well with everything else on the shelf.",
)
FIRST_NAMES = ("Alex", "Bente", "Chris", "Dana", "Elif", "Finn", "Gus", "Hanna", "Ira", "Jo", "Kim")
LAST_NAMES = ("Example", "Sample", "Muster", "Specimen", "Placeholder", "Beispiel", "Voorbeeld")
CITIES = (
    ("Berlin", "10115", "DE"), ("Hamburg", "20095", "DE"), ("Köln", "50667", "DE"),
    ("Leipzig", "04109", "DE"), ("Amsterdam", "1011 AB", "NL"), ("Utrecht", "3511 AA", "NL"),
    ("Wien", "1010", "AT"), ("Lyon", "69002", "FR"),
)  # fmt: skip
