"""Texts of machine readable lines.

In: a numpy random generator. Out: strings over ALPHABET. Rule: no word list of real persons; names are
syllables, so that the reader learns characters and not a language. Formats and check digits: ICAO Doc 9303.
"""

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<"
BLANK = 0
CLASSES = len(ALPHABET) + 1
CLASS_OF = {character: 1 + index for index, character in enumerate(ALPHABET)}

LETTERS = ALPHABET[10:36]
DIGITS = ALPHABET[:10]
VOWELS = "AEIOU"
STATES = [
    "UTO", "D<<", "FRA", "ESP", "ITA", "POL", "USA", "GBR", "CHE", "AUT", "NLD", "BEL", "SWE", "NOR", "FIN",
    "DNK", "ISL", "EST", "LVA", "LTU", "CZE", "SVK", "HUN", "SVN", "HRV", "SRB", "ROU", "BGR", "GRC", "TUR",
    "UKR", "RUS", "GEO", "ARM", "AZE", "KAZ", "CHN", "JPN", "KOR", "TWN", "IND", "PAK", "BGD", "LKA", "THA",
    "VNM", "IDN", "MYS", "SGP", "PHL", "AUS", "NZL", "CAN", "MEX", "BRA", "ARG", "CHL", "COL", "PER", "VEN",
    "ZAF", "EGY", "MAR", "DZA", "TUN", "NGA", "KEN", "ETH", "GHA", "SEN", "IRL", "PRT", "LUX", "MLT", "CYP",
    "XXA", "XXB", "XXX", "UNO", "EUE", "RKS",
]
WEIGHTS = (7, 3, 1)
ALIKE = ["0O", "0ODQ", "B8", "B8R", "1I", "1IT7", "Z2", "Z27", "S5", "6G", "UVWJ", "MNHW", "KX<Y", "C<", "PRF", "EFB"]


def check_digit(text):
    """The check digit of `text` by weights 7, 3, 1: digits as they are, A = 10 .. Z = 35, `<` = 0."""
    total = 0
    for index, character in enumerate(text):
        value = 0 if character == "<" else ALPHABET.index(character)
        total += value * WEIGHTS[index % 3]
    return str(total % 10)


def _pick(rng, alphabet, length):
    return "".join(alphabet[index] for index in rng.integers(0, len(alphabet), length))


def _word(rng):
    length = int(rng.integers(2, 11))
    if rng.random() < 0.4:
        return _pick(rng, LETTERS, length)
    first = int(rng.integers(0, 2))
    consonants = [letter for letter in LETTERS if letter not in VOWELS]
    return "".join(
        (VOWELS if (index + first) % 2 else consonants)[int(rng.integers(0, 5 if (index + first) % 2 else 21))]
        for index in range(length)
    )


def _names(rng, width):
    primary = "<".join(_word(rng) for _ in range(int(rng.integers(1, 3))))
    secondary = "<".join(_word(rng) for _ in range(int(rng.integers(1, 4))))
    return f"{primary}<<{secondary}"[:width].ljust(width, "<")


def _number(rng, width=9):
    kind = rng.random()
    length = width if rng.random() < 0.8 else int(rng.integers(5, width + 1))
    if kind < 0.4:
        number = _pick(rng, DIGITS, length)
    elif kind < 0.7:
        prefix = int(rng.integers(1, 4))
        number = _pick(rng, LETTERS, prefix) + _pick(rng, DIGITS, length - prefix)
    else:
        number = _pick(rng, LETTERS + DIGITS, length)
    return number.ljust(width, "<")


def _date(rng):
    return f"{int(rng.integers(0, 100)):02}{int(rng.integers(1, 13)):02}{int(rng.integers(1, 29)):02}"


def _optional(rng, width):
    if rng.random() < 0.5:
        return "<" * width
    return _pick(rng, LETTERS + DIGITS if rng.random() < 0.4 else DIGITS, int(rng.integers(1, width + 1))).ljust(
        width, "<"
    )


def _state(rng):
    return STATES[int(rng.integers(0, len(STATES)))] if rng.random() < 0.7 else _pick(rng, LETTERS, 3)


def _sex(rng):
    return "MF<"[int(rng.integers(0, 3))]


def _checked(text):
    return text + check_digit(text)


def td1(rng):
    """Three lines of 30: identity cards and residence permits."""
    code = ("I", "A", "C")[int(rng.integers(0, 3))] + ("<" + LETTERS)[int(rng.integers(0, 27))]
    first = code + _state(rng) + _checked(_number(rng)) + _optional(rng, 15)
    birth, expiry = _checked(_date(rng)), _checked(_date(rng))
    second = birth + _sex(rng) + expiry + _state(rng) + _optional(rng, 11)
    second += check_digit(first[5:30] + second[0:7] + second[8:15] + second[18:29])
    return [first, second, _names(rng, 30)]


def td2(rng):
    """Two lines of 36: larger cards."""
    code = ("I", "A", "C", "P")[int(rng.integers(0, 4))] + ("<" + LETTERS)[int(rng.integers(0, 27))]
    first = code + _state(rng) + _names(rng, 31)
    second = _checked(_number(rng)) + _state(rng) + _checked(_date(rng)) + _sex(rng) + _checked(_date(rng))
    second += _optional(rng, 7)
    second += check_digit(second[0:10] + second[13:20] + second[21:35])
    return [first, second]


def td3(rng):
    """Two lines of 44: passports."""
    first = "P" + ("<" + LETTERS)[int(rng.integers(0, 27))] + _state(rng) + _names(rng, 39)
    second = _checked(_number(rng)) + _state(rng) + _checked(_date(rng)) + _sex(rng) + _checked(_date(rng))
    second += _checked(_optional(rng, 14))
    second += check_digit(second[0:10] + second[13:20] + second[21:43])
    return [first, second]


def visa(rng, width):
    """Two lines of 44 (MRV-A) or 36 (MRV-B)."""
    first = "V" + ("<" + LETTERS)[int(rng.integers(0, 27))] + _state(rng) + _names(rng, width - 5)
    second = _checked(_number(rng)) + _state(rng) + _checked(_date(rng)) + _sex(rng) + _checked(_date(rng))
    return [first, second + _optional(rng, width - 28)]


def french_card(rng):
    """Two lines of 36: the French national card of 1988."""
    first = "IDFRA" + _word(rng).ljust(25, "<")[:25] + _pick(rng, DIGITS + "<", 6)
    second = _checked(_pick(rng, DIGITS, 12)) + _names(rng, 14) + _checked(_date(rng)) + "MF"[int(rng.integers(0, 2))]
    return [first, second + check_digit(first + second)]


FORMATS = {
    "td1": td1,
    "td2": td2,
    "td3": td3,
    "mrv-a": lambda rng: visa(rng, 44),
    "mrv-b": lambda rng: visa(rng, 36),
    "fra": french_card,
}


def zone(rng, name=None):
    """All lines of one zone of format `name`, or of a format drawn by `rng`."""
    names = list(FORMATS)
    return FORMATS[name or names[int(rng.integers(0, len(names)))]](rng)


def training_line(rng, alike=0.0, round_ones=0.0):
    """One line: 60 % characters without any order, the rest a line of a zone with valid check digits. A share
    `alike` of all lines has only characters that are easily taken for each other; `round_ones` is the share of
    0, O, D and Q among those."""
    if alike and rng.random() < alike:
        length = (30, 36, 44)[int(rng.integers(0, 3))]
        line = ""
        while len(line) < length:
            pools = ALIKE[:2] if round_ones and rng.random() < round_ones else ALIKE
            line += _pick(rng, pools[int(rng.integers(0, len(pools)))], int(rng.integers(1, 9)))
        return line[:length]
    kind = rng.random()
    length = (30, 36, 44)[int(rng.integers(0, 3))]
    if kind < 0.45:
        return _pick(rng, ALPHABET, length)
    if kind < 0.60:
        pools = (DIGITS, LETTERS, "<", ALPHABET)
        line = ""
        while len(line) < length:
            line += _pick(rng, pools[int(rng.integers(0, 4))], int(rng.integers(1, 9)))
        return line[:length]
    lines = zone(rng)
    return lines[int(rng.integers(0, len(lines)))]
