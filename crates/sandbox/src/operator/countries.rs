//! Countries as TomoIDV writes them (alpha-2) and as Argos does (alpha-3).

/// ISO 3166-1: alpha-2, then alpha-3.
const CODES: &str = "\
    AD AND AE ARE AF AFG AG ATG AI AIA AL ALB AM ARM AO AGO AQ ATA AR ARG AS ASM AT AUT AU AUS AW ABW AX ALA \
    AZ AZE BA BIH BB BRB BD BGD BE BEL BF BFA BG BGR BH BHR BI BDI BJ BEN BL BLM BM BMU BN BRN BO BOL BQ BES \
    BR BRA BS BHS BT BTN BV BVT BW BWA BY BLR BZ BLZ CA CAN CC CCK CD COD CF CAF CG COG CH CHE CI CIV CK COK \
    CL CHL CM CMR CN CHN CO COL CR CRI CU CUB CV CPV CW CUW CX CXR CY CYP CZ CZE DE DEU DJ DJI DK DNK DM DMA \
    DO DOM DZ DZA EC ECU EE EST EG EGY EH ESH ER ERI ES ESP ET ETH FI FIN FJ FJI FK FLK FM FSM FO FRO FR FRA \
    GA GAB GB GBR GD GRD GE GEO GF GUF GG GGY GH GHA GI GIB GL GRL GM GMB GN GIN GP GLP GQ GNQ GR GRC GS SGS \
    GT GTM GU GUM GW GNB GY GUY HK HKG HM HMD HN HND HR HRV HT HTI HU HUN ID IDN IE IRL IL ISR IM IMN IN IND \
    IO IOT IQ IRQ IR IRN IS ISL IT ITA JE JEY JM JAM JO JOR JP JPN KE KEN KG KGZ KH KHM KI KIR KM COM KN KNA \
    KP PRK KR KOR KW KWT KY CYM KZ KAZ LA LAO LB LBN LC LCA LI LIE LK LKA LR LBR LS LSO LT LTU LU LUX LV LVA \
    LY LBY MA MAR MC MCO MD MDA ME MNE MF MAF MG MDG MH MHL MK MKD ML MLI MM MMR MN MNG MO MAC MP MNP MQ MTQ \
    MR MRT MS MSR MT MLT MU MUS MV MDV MW MWI MX MEX MY MYS MZ MOZ NA NAM NC NCL NE NER NF NFK NG NGA NI NIC \
    NL NLD NO NOR NP NPL NR NRU NU NIU NZ NZL OM OMN PA PAN PE PER PF PYF PG PNG PH PHL PK PAK PL POL PM SPM \
    PN PCN PR PRI PS PSE PT PRT PW PLW PY PRY QA QAT RE REU RO ROU RS SRB RU RUS RW RWA SA SAU SB SLB SC SYC \
    SD SDN SE SWE SG SGP SH SHN SI SVN SJ SJM SK SVK SL SLE SM SMR SN SEN SO SOM SR SUR SS SSD ST STP SV SLV \
    SX SXM SY SYR SZ SWZ TC TCA TD TCD TF ATF TG TGO TH THA TJ TJK TK TKL TL TLS TM TKM TN TUN TO TON TR TUR \
    TT TTO TV TUV TW TWN TZ TZA UA UKR UG UGA UM UMI US USA UY URY UZ UZB VA VAT VC VCT VE VEN VG VGB VI VIR \
    VN VNM VU VUT WF WLF WS WSM YE YEM YT MYT ZA ZAF ZM ZMB ZW ZWE";

/// Alpha-3 of a country as TomoIDV names it: lower-case alpha-2, or `uk`. `None` for `unknown` and what is none.
pub(super) fn alpha_3(country: &str) -> Option<&'static str> {
    let asked = if country == "uk" { "GB".to_owned() } else { country.to_ascii_uppercase() };
    let mut codes = CODES.split_ascii_whitespace();
    while let (Some(two), Some(three)) = (codes.next(), codes.next()) {
        if two == asked {
            return Some(three);
        }
    }
    None
}

/// Whether a code stands for no country but for specimens: Utopia (Doc 9303-3 section 5), or one of the codes that
/// ISO 3166 leaves to its users, XAA to XZZ.
pub(super) fn is_specimen(alpha_3: &str) -> bool {
    alpha_3 == "UTO" || alpha_3.starts_with('X')
}

#[cfg(test)]
mod tests {
    use super::*;
    use idv_edge::argos::Country;

    #[test]
    fn every_country_has_three_letters() {
        let codes: Vec<&str> = CODES.split_ascii_whitespace().collect();
        assert_eq!(codes.len(), 2 * 249);
        for pair in codes.chunks_exact(2) {
            assert_eq!(alpha_3(&pair[0].to_ascii_lowercase()), Some(pair[1]));
            assert!(Country::new(pair[1]).is_ok() && !is_specimen(pair[1]));
        }
        let known = ["kr", "us", "jp", "cn", "uk", "gb"].map(alpha_3).map(Option::unwrap_or_default);
        assert_eq!(known, ["KOR", "USA", "JPN", "CHN", "GBR", "GBR"]);
        assert_eq!((alpha_3("unknown"), alpha_3("zz"), alpha_3("")), (None, None, None));
    }
}
