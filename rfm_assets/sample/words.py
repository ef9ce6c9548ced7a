"""The vocabulary of the shop's catalogue, and its non-products."""

THINGS = {  # a product's noun, and its price in pence
    "GIFT TAG": 21, "PAPER NAPKINS": 85, "BOOKMARK": 42, "PENCIL": 29, "FRIDGE MAGNET": 65, "GREETING CARD": 42,
    "PAPER LANTERN": 125, "SILK RIBBON": 125, "TEA TOWEL": 295, "COASTER": 85, "NOTEBOOK": 125, "EGG CUP": 125,
    "KEY RING": 85, "SOAP DISH": 210, "CANDLE": 165, "MUG": 165, "TRINKET DISH": 145, "TIN SIGN": 195, "PURSE": 255,
    "LUNCH TIN": 195, "SHOPPING BAG": 165, "GLASS JAR": 255, "APRON": 495, "JEWELLERY BOX": 375, "PHOTO FRAME": 295,
    "STORAGE BOX": 375, "WIND CHIME": 295, "DOORSTOP": 495, "CUSHION COVER": 425, "TEAPOT": 595, "BUNTING": 495,
    "WASH BAG": 255, "OVEN GLOVE": 210, "PLANT POT": 165, "WATERING CAN": 375, "BIRD FEEDER": 425, "DOOR KNOB": 145,
    "COAT HOOK": 195, "CAKE TIN": 495, "CAKE STAND": 1275, "ENAMEL JUG": 675, "BREAD BIN": 1695, "WALL CLOCK": 850,
    "FAIRY LIGHTS": 495, "PICNIC BLANKET": 1495, "PICNIC HAMPER": 2995, "BATH MAT": 795, "DOORMAT": 795,
    "HOT WATER BOTTLE": 495, "HANGING HOOK": 85, "CHALK BOARD": 595, "TABLE RUNNER": 425, "TOY SOLDIER": 165,
    "SKITTLES": 375, "JIGSAW": 210, "RAG DOLL": 295, "MUSIC BOX": 425, "SPINNING TOP": 125, "SNOW DOME": 255,
    "BAUBLE": 55, "WREATH": 675, "STOCKING": 295, "TREE STAR": 145, "ADVENT HOUSE": 995,
}  # fmt: skip
STYLES = (
    "WILLOW", "HARBOUR", "BRAMBLE", "FOXGLOVE", "ORCHARD", "SEASIDE", "MEADOW", "COTTAGE", "PARISIAN", "NORDIC",
    "TARTAN", "GINGHAM", "POLKA", "STARRY", "WOODLAND", "HEDGEHOG", "ROBIN", "SWALLOW", "OTTER", "HARE", "BUMBLEBEE",
    "ROSEHIP", "DAISY", "THISTLE", "FERN", "ANCHOR", "CIRCUS", "CAROUSEL", "RAILWAY", "POSTBOX", "BAKERY", "APOTHECARY",
    "VICTORIAN", "DECO", "RUSTIC", "LACE", "FOLK ART", "HOMESTEAD", "LANTERN", "TIPTOE",
)  # fmt: skip
COLOURS = ("RED", "BLUE", "GREEN", "PINK", "IVORY", "YELLOW")

# Forms of product descriptions, in percent, including odd spaces, commas and quotes.
FORMS = {
    "{style} {thing}": 44,
    "{thing} {style} DESIGN": 12,
    "SET OF {n} {style} {thing}": 12,
    "{style} {thing} ": 14,
    "{thing} {style} ": 4,
    "{style}  {thing}": 6,
    "{thing}, {style}": 3,
    "{n}CM {style} {thing}": 2,
    "{style} {thing} {n}x{n}cm": 1,
    '{thing} {n}" {style} ': 1,
    " {style} {thing}": 1,
}

# Lines that are not products: code, description, how often (of the same order within a group), prices in pence.
EXTRAS = (
    ("M", "Manual", 110, (100, 295, 495, 850, 1275, 2500, 4900, 12_550)),
    ("C2", "CARRIAGE", 17, (5000,)),
    ("PADS", "PADS FOR ANY CUSHION", 2, (1,)),
    ("GIFT_20", "Gift Voucher £20.00", 3, (1739,)),
    ("GIFT_50", "Gift Voucher £50.00", 1, (4348,)),
    ("HOUSE0007", "HOUSE BLEND  GUM", 4, (83,)),
)
POSTAGE = (("POST", "POSTAGE", 1, (1800, 1500, 2800, 4000, 3600, 5400, 1295, 15_000)),)
WEB_POSTAGE = (("DOT", "WEB SHOP POSTAGE", 1, (6471, 11_940, 30_655, 64_719, 85_250, 22_010, 1495, 45_000)),)
DISCOUNTS = (("D", "Discount", 1, (900, 1520, 4995, 250, 12_034, 2775, 650, 30_000)),)
FEES = (
    ("BANK CHARGES", "Bank Charges", 30, (1500, 2835, 410)),
    ("AMAZONFEE", "MARKET PLACE FEE", 5, (670_671, 415_089)),
    ("ADJUST", "Adjustment by the back office", 28, (9646, 12_010, 3315)),
    ("ADJUST2", "Adjustment by the back office, second try", 2, (7245,)),
    ("S", "SAMPLES", 18, (7380, 3050)),
    ("TEST001", "Test item, do not ship", 7, (450,)),
    ("B", "Bad debt given up", 3, (-1_106_200, -489_536)),
)

COUNTRIES = {
    "United Kingdom": 3740, "Germany": 66, "France": 50, "Spain": 26, "Netherlands": 24, "EIRE": 24, "Belgium": 19,
    "Portugal": 18, "Sweden": 17, "Switzerland": 15, "Australia": 14, "Channel Islands": 13, "Italy": 12,
    "Austria": 10, "Denmark": 9, "Finland": 8, "Cyprus": 7, "USA": 6, "Norway": 5, "Japan": 5, "Unspecified": 5,
    "United Arab Emirates": 3,
}  # fmt: skip
NOTES = ("damaged", "", "", "", "missing", "found again", "?", "given away, see ledger", "crushed", "wet")
