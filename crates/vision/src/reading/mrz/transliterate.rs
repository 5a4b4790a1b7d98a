//! National characters as they stand in a zone (Doc 9303-3, section 6), to compare a declared name with a
//! printed one. Several states write the same letter in several ways: all of them compare as equal.
//!
//! Covered are the tables of the Latin (6.A) and the Cyrillic script (6.B). The table of the Arabic script (6.C) is
//! not, nor is any other script: such a name is [`NameMatch::NotComparable`].

/// Ways to write a character, none for one that is left out; the first is the one Doc 9303 recommends.
type Ways = &'static [&'static str];

/// Longest declared name that is compared, in characters. A zone holds 39; the rest is room for spellings
/// that are shorter in the zone.
const MAX_DECLARED: usize = 200;

/// Ways to write `character`, an upper-case letter that is none of A to Z; nothing for one that is in no table.
fn ways(character: char) -> Option<Ways> {
    latin(character).or_else(|| cyrillic(character))
}

/// Table 6.A: national characters of the Latin script.
fn latin(character: char) -> Option<Ways> {
    Some(match character {
        'À' | 'Á' | 'Â' | 'Ã' | 'Ā' | 'Ă' | 'Ą' | 'Ǎ' | 'Ạ' | 'Ả' => &["A"],
        'Ä' => &["AE", "A"],
        'Å' => &["AA", "A"],
        'Æ' => &["AE"],
        'Ç' | 'Ć' | 'Ĉ' | 'Ċ' | 'Č' => &["C"],
        'Ð' | 'Ď' | 'Đ' => &["D"],
        'È' | 'É' | 'Ê' | 'Ë' | 'Ē' | 'Ĕ' | 'Ė' | 'Ę' | 'Ě' | 'Ẽ' => &["E"],
        'Ĝ' | 'Ğ' | 'Ġ' | 'Ģ' => &["G"],
        'Ĥ' | 'Ħ' => &["H"],
        'Ì' | 'Í' | 'Î' | 'Ï' | 'Ĩ' | 'Ī' | 'Ĭ' | 'Į' | 'İ' => &["I"],
        'Ĳ' => &["IJ"],
        'Ĵ' => &["J"],
        'Ķ' => &["K"],
        'Ĺ' | 'Ļ' | 'Ľ' | 'Ŀ' | 'Ł' => &["L"],
        'Ñ' => &["N", "NXX"],
        'Ń' | 'Ņ' | 'Ň' | 'Ŋ' => &["N"],
        'Ò' | 'Ó' | 'Ô' | 'Õ' | 'Ō' | 'Ŏ' | 'Ő' => &["O"],
        'Ö' => &["OE", "O"],
        'Ø' => &["OE", "O"],
        'Œ' => &["OE"],
        'Ŕ' | 'Ŗ' | 'Ř' => &["R"],
        'Ś' | 'Ŝ' | 'Ş' | 'Š' | 'Ș' => &["S"],
        'ẞ' => &["SS"],
        'Ţ' | 'Ť' | 'Ŧ' | 'Ț' => &["T"],
        'Þ' => &["TH"],
        'Ù' | 'Ú' | 'Û' | 'Ũ' | 'Ū' | 'Ŭ' | 'Ů' | 'Ű' | 'Ų' => &["U"],
        'Ü' => &["UE", "UXX", "U"],
        'Ŵ' => &["W"],
        'Ý' | 'Ŷ' | 'Ÿ' => &["Y"],
        'Ź' | 'Ż' | 'Ž' => &["Z"],
        _ => return None,
    })
}

/// Table 6.B: Cyrillic, with what single languages have in place of the common form.
fn cyrillic(character: char) -> Option<Ways> {
    Some(match character {
        'А' => &["A"],
        'Б' => &["B"],
        'В' => &["V"],
        'Г' => &["G", "H"], // Belarusian, Ukrainian
        'Ґ' => &["G"],
        'Д' => &["D"],
        'Ђ' => &["D", "DJ"],
        'Ѓ' => &["G", "GJ"], // Macedonian
        'Е' => &["E"],
        'Ё' => &["E", "IO"],  // Belarusian
        'Є' => &["IE", "YE"], // Ukrainian, at the start of a name
        'Ж' => &["ZH", "Z"],  // Serbian
        'З' => &["Z"],
        'Ѕ' => &["DZ"],
        'И' => &["I", "Y"], // Ukrainian
        'І' => &["I"],
        'Ї' => &["I", "YI"], // Ukrainian, at the start of a name
        'Й' => &["I", "Y"],  // Ukrainian, at the start of a name
        'Ј' => &["J"],
        'К' => &["K"],
        'Ќ' => &["K", "KJ"], // Macedonian
        'Л' => &["L"],
        'Љ' => &["LJ"],
        'М' => &["M"],
        'Н' => &["N"],
        'Њ' => &["NJ"],
        'О' => &["O"],
        'П' => &["P"],
        'Р' => &["R"],
        'С' => &["S"],
        'Т' => &["T"],
        'Ћ' | 'Һ' => &["C"],
        'У' | 'Ў' | 'Ѫ' => &["U"],
        'Ф' => &["F"],
        'Х' => &["KH", "H"],     // Serbian, Macedonian
        'Ц' => &["TS", "C"],     // Serbian, Macedonian
        'Ч' => &["CH", "C"],     // Serbian
        'Џ' => &["DZ", "DJ"],    // Macedonian
        'Ш' => &["SH", "S"],     // Serbian
        'Щ' => &["SHCH", "SHT"], // Bulgarian
        'Ъ' => &["IE", "A"],     // Bulgarian
        'Ы' | 'Ѵ' => &["Y"],
        'Ь' => &[""],
        'Э' => &["E"],
        'Ю' => &["IU", "YU"], // Ukrainian, at the start of a name
        'Я' => &["IA", "YA"], // Ukrainian, at the start of a name
        _ => return None,
    })
}

/// What a declared character is in a zone.
enum Written {
    /// One of these.
    As(Ways),
    /// The letter itself.
    Letter(char),
    /// A filler, or nothing at an end.
    Gap,
    /// Nothing: apostrophes, full stops, combining marks.
    Nothing,
    /// In no table.
    Unknown,
}

fn written(character: char) -> Written {
    match character {
        'A'..='Z' | '0'..='9' => Written::Letter(character),
        // Hyphens of every kind and spaces stand as fillers; commas separate like them (4.6.2).
        c if c.is_whitespace() || matches!(c, '-' | '\u{2010}'..='\u{2015}' | ',' | '<') => Written::Gap,
        '\'' | '\u{2018}' | '\u{2019}' | '\u{02bc}' | '`' | '´' | '.' | 'ʹ' | '\u{0300}'..='\u{036f}' => {
            Written::Nothing
        }
        _ => ways(character).map_or(Written::Unknown, Written::As),
    }
}

fn upper(text: &str) -> impl Iterator<Item = char> {
    text.chars().map(|c| if c == 'ß' { 'ẞ' } else { c }).flat_map(char::to_uppercase)
}

/// `text` as a zone has it, in the way Doc 9303 recommends: A to Z, 0 to 9 and fillers for spaces and hyphens;
/// apostrophes and what no table has are left out.
pub fn transliterate(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in upper(text) {
        match written(character) {
            Written::As(ways) => out.push_str(ways.first().copied().unwrap_or_default()),
            Written::Letter(letter) => out.push(letter),
            Written::Gap => out.push('<'),
            Written::Nothing | Written::Unknown => {}
        }
    }
    out
}

/// How a declared name compares with that of a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameMatch {
    /// The same, in one of the ways to write it.
    Same,
    /// The zone's name is how the declared one begins: it was cut off, or names were left out.
    Shortened,
    /// Another name.
    Different,
    /// The declared name has characters that no table has, or is too long to be compared.
    NotComparable,
}

/// Compares a declared name, in Latin or Cyrillic script, with one of a zone: its value, in which a space stands
/// for a filler, or its characters.
pub fn compare(declared: &str, zone: &str) -> NameMatch {
    let zone: Vec<char> = normal(zone.chars().map(|c| if c == '<' { ' ' } else { c }));
    // Ends in `zone` that the declared characters so far can reach; `over` once they run past its end.
    let mut reached = vec![false; zone.len() + 1];
    let mut over = false;
    if let Some(start) = reached.first_mut() {
        *start = true;
    }
    // Composed letters have their own rows in the tables; composing what was declared in parts is a table too.
    let declared = normal(compose(declared).into_iter().map(|c| match written(c) {
        Written::Gap => ' ',
        _ => c,
    }));
    if declared.len() > MAX_DECLARED {
        return NameMatch::NotComparable;
    }
    for character in declared {
        let mut letter = [0; 4];
        let letter: [&str; 1] = [character.encode_utf8(&mut letter)];
        let ways: &[&str] = match written(character) {
            Written::As(ways) => ways,
            Written::Letter(_) | Written::Gap => &letter,
            Written::Nothing => continue,
            Written::Unknown => return NameMatch::NotComparable,
        };
        let mut next = vec![false; zone.len() + 1];
        for from in (0..=zone.len()).filter(|&from| reached.get(from) == Some(&true)) {
            for way in ways {
                let rest = zone.get(from..).unwrap_or_default();
                let same = way.chars().zip(rest).take_while(|(a, b)| a == *b).count();
                if same == way.len() {
                    if let Some(slot) = next.get_mut(from + same) {
                        *slot = true;
                    }
                } else if same == rest.len() {
                    over = true;
                }
            }
        }
        reached = next;
    }
    if reached.last() == Some(&true) {
        NameMatch::Same
    } else if over && !zone.is_empty() {
        NameMatch::Shortened
    } else {
        NameMatch::Different
    }
}

/// Without spaces at the ends or side by side.
fn normal(characters: impl Iterator<Item = char>) -> Vec<char> {
    let mut out: Vec<char> = Vec::new();
    for character in characters {
        if character != ' ' || out.last().is_some_and(|last| *last != ' ') {
            out.push(character);
        }
    }
    if out.last() == Some(&' ') {
        out.pop();
    }
    out
}

/// Upper case, with a letter and the diaeresis, ring or tilde that follows it as one character: the marks that
/// change how a letter is written in a zone.
fn compose(text: &str) -> Vec<char> {
    let mut out: Vec<char> = Vec::new();
    for character in upper(text) {
        let composed = match (out.last(), character) {
            (Some('A'), '\u{0308}') => 'Ä',
            (Some('O'), '\u{0308}') => 'Ö',
            (Some('U'), '\u{0308}') => 'Ü',
            (Some('A'), '\u{030a}') => 'Å',
            (Some('N'), '\u{0303}') => 'Ñ',
            (Some('И'), '\u{0306}') => 'Й',
            (Some('І'), '\u{0308}') => 'Ї',
            (Some('Е'), '\u{0308}') => 'Ё',
            _ => {
                out.push(character);
                continue;
            }
        };
        out.pop();
        out.push(composed);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_national_letters_as_doc_9303_recommends() {
        for (text, zone) in [
            ("D'Artagnan-Müller Straße", "DARTAGNAN<MUELLER<STRASSE"),
            ("Þórður Ægisson", "THORDUR<AEGISSON"),
            ("Åse Sørensen", "AASE<SOERENSEN"),
            ("Núñez", "NUNEZ"),
            ("Щербаков", "SHCHERBAKOV"),
            ("Юлия Хрущёва", "IULIIA<KHRUSHCHEVA"),
        ] {
            assert_eq!(transliterate(text), zone);
        }
    }

    #[test]
    fn every_way_to_write_a_name_compares_as_the_same() {
        for (declared, zone) in [
            ("Müller", "MUELLER"),
            ("Müller", "MULLER"),
            ("Müller", "MUXXLLER"),
            ("Mu\u{0308}ller", "MUELLER"),
            ("Núñez", "NUNXXEZ"),
            ("Ångström", "AANGSTROEM"),
            ("Ångström", "ANGSTROM"),
            ("O’Connor", "OCONNOR"),
            ("  Anna-Maria ", "ANNA<MARIA"),
            ("Anna Maria", "ANNA MARIA"),
            ("Грушевський", "HRUSHEVSKYI"),
            ("Щербаков", "SHTERBAKOV"),
            ("İşık", "ISIK"),
        ] {
            assert_eq!(compare(declared, zone), NameMatch::Same, "{declared} {zone}");
        }
    }

    #[test]
    fn a_name_that_was_cut_off_is_shortened_and_another_is_different() {
        assert_eq!(compare("Papandropoulous", "PAPANDROPOUL"), NameMatch::Shortened);
        assert_eq!(compare("Jonathon Alec", "JONATHON"), NameMatch::Shortened);
        assert_eq!(compare("Müller", "MU"), NameMatch::Shortened);
        assert_eq!(compare("Müller", "MILLER"), NameMatch::Different);
        assert_eq!(compare("Anna", "ANNA MARIA"), NameMatch::Different);
        assert_eq!(compare("Anna", ""), NameMatch::Different);
        assert_eq!(compare("김토스", "KIM"), NameMatch::NotComparable);
        assert_eq!(compare("محمد", "MUHAMMAD"), NameMatch::NotComparable);
        assert_eq!(compare(&"A".repeat(100_000), "A"), NameMatch::NotComparable);
    }
}
