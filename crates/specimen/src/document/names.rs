//! Invented names, places and words that holders are made of.

/// Surnames without national letters.
pub const SURNAMES: [&str; 16] = [
    "Amaranth",
    "Bellweather",
    "Corvane",
    "Dunmarrow",
    "Eldergrove",
    "Fennimore",
    "Glasswright",
    "Hollander",
    "Ingelby",
    "Larkspur",
    "Marchbanks",
    "Nightingale",
    "Orsova",
    "Quillan",
    "Silverstrand",
    "Thornquist",
];

/// Given names by sex.
pub const FEMALE: [&str; 10] =
    ["Ada", "Clara", "Edith", "Helena", "Iris", "Livia", "Mira", "Nora", "Thea", "Vera"];
/// See [`FEMALE`].
pub const MALE: [&str; 10] =
    ["Anton", "Bruno", "Edgar", "Felix", "Hugo", "Jasper", "Linus", "Oscar", "Ruben", "Viktor"];
/// See [`FEMALE`].
pub const NEUTRAL: [&str; 6] = ["Alex", "Kim", "Noa", "Robin", "Sasha", "Toni"];

/// Surnames with letters and marks that the zone spells out, leaves out or turns into fillers.
pub const NATIONAL_SURNAMES: [&str; 24] = [
    "Äldermoor",
    "Brøndsæter",
    "Çelebrin",
    "D'Orsenne",
    "Þorvaldar",
    "Müllerström",
    "Åkerlönn",
    "Łazurska",
    "Šilvérak",
    "Ñandurez",
    "O'Quillahan",
    "Weißenroth",
    "Žalmira",
    "Čubraničin",
    "Đorlević",
    "Øvrelid",
    "Œillade",
    "Ævarling",
    "Ünsalgrove",
    "García-Larkspur",
    "Löwenhjelm",
    "van der Meerwijk",
    "Saint-Élodie",
    "İnceoğlan",
];

/// Given names with such letters.
pub const NATIONAL_GIVEN: [&str; 14] = [
    "Zoë",
    "Jürgen",
    "Françoise Noëlle",
    "Søren",
    "Ágnes",
    "Björn Åke",
    "Anaïs",
    "José María",
    "Ragnheiður",
    "Łucja",
    "Jean-Rémy",
    "Štefan Ivo",
    "Māra",
    "Ştela",
];

/// Surnames that leave little of the zone's room, or none, to the given names.
pub const LONG_SURNAMES: [&str; 6] = [
    "Featherstonehaugh-Ravensbourne",
    "Bennelong Wooloomooloo Warrandyte Warnambool",
    "Papandropoulous-Nilavadhanananda",
    "Silverstrand Thornquist Glasswright Nightingale",
    "Constantinopolitanides",
    "Hohenzollernsteinburgerwald",
];

/// Given names that are too long for the zone.
pub const LONG_GIVEN: [&str; 5] = [
    "Maximiliana Theodora Alexandrina Wilhelmina",
    "Chayapa Dejthamrong Krasuang",
    "Jonathon Alec Bartholomew Christopher",
    "Dingo Potoroo",
    "Anna Maria Magdalena Seraphina Clementine",
];

/// Towns.
pub const PLACES: [&str; 8] =
    ["Amaurot", "Zenith", "Port Anyder", "New Harmony", "Halcyon Bay", "Upper Concord", "Lacuna", "Everland"];

/// Issuing authorities.
pub const AUTHORITIES: [&str; 4] =
    ["Travel Office", "Registry Zenith", "Amaurot Office", "Ministry of Travel"];

/// Streets.
pub const STREETS: [&str; 8] = [
    "Harbour Lane",
    "Cloud Street",
    "Orchard Row",
    "Lantern Quay",
    "Third Terrace",
    "Weavers Way",
    "Meridian Avenue",
    "Old Ferry Road",
];

/// Colours of eyes.
pub const EYES: [&str; 5] = ["BROWN", "BLUE", "GREEN", "GREY", "HAZEL"];

/// Kinds of permits of residence.
pub const PERMITS: [&str; 5] = ["PERMANENT RESIDENT", "EMPLOYMENT", "STUDENT", "FAMILY MEMBER", "RESEARCHER"];

/// Kinds of visas.
pub const VISAS: [&str; 5] = ["C VISITOR", "D LONG STAY", "B TRANSIT", "S STUDENT", "W WORK"];
