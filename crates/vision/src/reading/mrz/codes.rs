//! Codes of states, organisations and persons without nationality (Doc 9303-3, section 5), as they stand in a
//! zone, filled up to three characters.

/// ISO 3166-1 alpha-3, without DEU, which no zone has: Germany's is `D<<`. In alphabetical order.
const STATES: &[&[u8; 3]] = &[
    b"ABW", b"AFG", b"AGO", b"AIA", b"ALA", b"ALB", b"AND", b"ARE", b"ARG", b"ARM", b"ASM", b"ATA", b"ATF",
    b"ATG", b"AUS", b"AUT", b"AZE", b"BDI", b"BEL", b"BEN", b"BES", b"BFA", b"BGD", b"BGR", b"BHR", b"BHS",
    b"BIH", b"BLM", b"BLR", b"BLZ", b"BMU", b"BOL", b"BRA", b"BRB", b"BRN", b"BTN", b"BVT", b"BWA", b"CAF",
    b"CAN", b"CCK", b"CHE", b"CHL", b"CHN", b"CIV", b"CMR", b"COD", b"COG", b"COK", b"COL", b"COM", b"CPV",
    b"CRI", b"CUB", b"CUW", b"CXR", b"CYM", b"CYP", b"CZE", b"DJI", b"DMA", b"DNK", b"DOM", b"DZA", b"ECU",
    b"EGY", b"ERI", b"ESH", b"ESP", b"EST", b"ETH", b"FIN", b"FJI", b"FLK", b"FRA", b"FRO", b"FSM", b"GAB",
    b"GBR", b"GEO", b"GGY", b"GHA", b"GIB", b"GIN", b"GLP", b"GMB", b"GNB", b"GNQ", b"GRC", b"GRD", b"GRL",
    b"GTM", b"GUF", b"GUM", b"GUY", b"HKG", b"HMD", b"HND", b"HRV", b"HTI", b"HUN", b"IDN", b"IMN", b"IND",
    b"IOT", b"IRL", b"IRN", b"IRQ", b"ISL", b"ISR", b"ITA", b"JAM", b"JEY", b"JOR", b"JPN", b"KAZ", b"KEN",
    b"KGZ", b"KHM", b"KIR", b"KNA", b"KOR", b"KWT", b"LAO", b"LBN", b"LBR", b"LBY", b"LCA", b"LIE", b"LKA",
    b"LSO", b"LTU", b"LUX", b"LVA", b"MAC", b"MAF", b"MAR", b"MCO", b"MDA", b"MDG", b"MDV", b"MEX", b"MHL",
    b"MKD", b"MLI", b"MLT", b"MMR", b"MNE", b"MNG", b"MNP", b"MOZ", b"MRT", b"MSR", b"MTQ", b"MUS", b"MWI",
    b"MYS", b"MYT", b"NAM", b"NCL", b"NER", b"NFK", b"NGA", b"NIC", b"NIU", b"NLD", b"NOR", b"NPL", b"NRU",
    b"NZL", b"OMN", b"PAK", b"PAN", b"PCN", b"PER", b"PHL", b"PLW", b"PNG", b"POL", b"PRI", b"PRK", b"PRT",
    b"PRY", b"PSE", b"PYF", b"QAT", b"REU", b"ROU", b"RUS", b"RWA", b"SAU", b"SDN", b"SEN", b"SGP", b"SGS",
    b"SHN", b"SJM", b"SLB", b"SLE", b"SLV", b"SMR", b"SOM", b"SPM", b"SRB", b"SSD", b"STP", b"SUR", b"SVK",
    b"SVN", b"SWE", b"SWZ", b"SXM", b"SYC", b"SYR", b"TCA", b"TCD", b"TGO", b"THA", b"TJK", b"TKL", b"TKM",
    b"TLS", b"TON", b"TTO", b"TUN", b"TUR", b"TUV", b"TWN", b"TZA", b"UGA", b"UKR", b"UMI", b"URY", b"USA",
    b"UZB", b"VAT", b"VCT", b"VEN", b"VGB", b"VIR", b"VNM", b"VUT", b"WLF", b"WSM", b"YEM", b"ZAF", b"ZMB",
    b"ZWE",
];

/// The codes of Doc 9303-3, section 5, beside ISO 3166-1: Germany, British nationals of other kinds, Kosovo,
/// the European Union, the United Nations, organisations that issue documents, persons without nationality,
/// and Utopia, the state of specimens. In alphabetical order by byte.
const SPECIAL: &[&[u8; 3]] = &[
    b"D<<", b"EUE", b"GBD", b"GBN", b"GBO", b"GBP", b"GBS", b"RKS", b"UNA", b"UNK", b"UNO", b"UTO", b"XBA",
    b"XCC", b"XCE", b"XCO", b"XDC", b"XEC", b"XES", b"XIM", b"XMP", b"XOM", b"XPO", b"XXA", b"XXB", b"XXC",
    b"XXX",
];

/// Letters and the filler, which makes a code of three characters a number below 27 cubed.
const RADIX: usize = 27;

/// A bit for each code that is known.
static KNOWN: [u64; RADIX.pow(3) / 64 + 1] = {
    let mut known = [0; RADIX.pow(3) / 64 + 1];
    let tables = [STATES, SPECIAL];
    let mut table = 0;
    while table < tables.len() {
        let mut index = 0;
        while index < tables[table].len() {
            if let Some(number) = number(*tables[table][index]) {
                known[number / 64] |= 1 << (number % 64);
            }
            index += 1;
        }
        table += 1;
    }
    known
};

/// Number of a code; nothing for one that holds anything but letters and fillers.
const fn number(code: [u8; 3]) -> Option<usize> {
    let mut number = 0;
    let mut index = 0;
    while index < code.len() {
        number = number * RADIX
            + match code[index] {
                letter @ b'A'..=b'Z' => (letter - b'A') as usize,
                b'<' => RADIX - 1,
                _ => return None,
            };
        index += 1;
    }
    Some(number)
}

/// Whether `code` is the code of an issuing state or organisation, or a nationality.
pub fn is_state(code: [u8; 3]) -> bool {
    number(code)
        .is_some_and(|number| KNOWN.get(number / 64).is_some_and(|bits| bits >> (number % 64) & 1 == 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_tables_are_in_order_and_iso_is_whole() {
        assert!(STATES.is_sorted() && SPECIAL.is_sorted());
        assert_eq!(STATES.len(), 248, "ISO 3166-1 has 249 codes; DEU stands as D");
    }

    #[test]
    fn knows_states_organisations_and_persons_without_nationality() {
        for code in [b"UTO", b"D<<", b"KOR", b"XXA", b"XXB", b"XXC", b"XXX", b"UNO", b"EUE", b"XOM", b"XPO"] {
            assert!(is_state(*code));
        }
        for code in [b"DEU", b"SI<", b"AAA", b"UT0", b"<<<"] {
            assert!(!is_state(*code));
        }
    }
}
