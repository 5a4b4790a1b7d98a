//! Records that personal data are held against: a data source of the United States, government records of Japan and
//! China. Everyone in them is invented.
//!
//! In: what a person typed, in its compared spelling. Out: whether somebody on record is that person. Rule: a fixed
//! table; who is not in it is not on record.

use idv_protocol::{PersonField, PersonForm};

/// Somebody on record.
#[derive(Clone, Copy, Debug)]
pub struct Recorded {
    /// ISO 3166 alpha-2 code, lower case.
    pub country: &'static str,
    /// Full name.
    pub full_name: &'static str,
    /// Date of birth, YYYY-MM-DD.
    pub birth_date: &'static str,
    /// Number of the identity document; empty where none is recorded.
    pub document_number: &'static str,
    /// Postal code of the address; empty where none is recorded.
    pub postal_code: &'static str,
    /// The secret printed on the document; empty where it has none.
    pub secret: &'static str,
}

/// Everyone on record. The American's telephone number in the examples is of the block kept for fiction (555-01xx);
/// the Chinese number is the example in descriptions of GB 11643-1999.
pub const PEOPLE: [Recorded; 4] = [
    Recorded {
        country: "us",
        full_name: "Alex Sample",
        birth_date: "1990-01-02",
        document_number: "",
        postal_code: "62701",
        secret: "",
    },
    Recorded {
        country: "jp",
        full_name: "山田 太郎",
        birth_date: "1985-05-05",
        document_number: "123456789012",
        postal_code: "",
        secret: "4096",
    },
    Recorded {
        country: "jp",
        full_name: "Taro Yamada",
        birth_date: "1985-05-05",
        document_number: "123456789012",
        postal_code: "",
        secret: "4096",
    },
    Recorded {
        country: "cn",
        full_name: "张三",
        birth_date: "1949-12-31",
        document_number: "11010519491231002X",
        postal_code: "",
        secret: "",
    },
];

/// Who on record in `country` these personal data are of. Compared is what was typed of name, date of birth, document
/// number and postal code; at least a name and one more.
pub fn find(country: &str, person: &PersonForm) -> Option<&'static Recorded> {
    let name = folded(&person.full_name());
    let pairs = |recorded: &'static Recorded| {
        [
            (PersonField::BirthDate, recorded.birth_date),
            (PersonField::DocumentNumber, recorded.document_number),
            // ZIP+4 names a part of the ZIP code's area.
            (PersonField::PostalCode, recorded.postal_code),
        ]
    };
    PEOPLE.iter().find(|recorded| {
        let mut compared = pairs(recorded)
            .into_iter()
            .map(|(field, on_record)| (field, person.text(field), on_record))
            .filter(|(_, typed, _)| !typed.is_empty())
            .map(|(field, typed, on_record)| match field {
                PersonField::PostalCode => typed.split('-').next() == Some(on_record),
                _ => typed == on_record,
            })
            .peekable();
        recorded.country == country
            && folded(recorded.full_name) == name
            && compared.peek().is_some()
            && compared.all(|same| same)
    })
}

/// A name as it is compared: letters only, in lower case. Whether a space stands in it is not recorded everywhere.
fn folded(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(fields: &[(PersonField, &str)]) -> PersonForm {
        PersonForm { fields: fields.iter().map(|(field, text)| (*field, (*text).to_owned())).collect() }
    }

    #[test]
    fn who_is_on_record_is_found_by_what_was_typed() {
        let american = form(&[
            (PersonField::GivenName, "ALEX"),
            (PersonField::FamilyName, "Sample"),
            (PersonField::BirthDate, "1990-01-02"),
            (PersonField::PostalCode, "62701-1234"),
            (PersonField::Street, "1 Main Street"),
        ]);
        assert!(find("us", &american).is_some());
        assert!(find("jp", &american).is_none(), "on another country's record");
        let japanese = |number: &str| {
            form(&[
                (PersonField::FullName, "山田太郎"),
                (PersonField::BirthDate, "1985-05-05"),
                (PersonField::DocumentNumber, number),
            ])
        };
        assert_eq!(find("jp", &japanese("123456789012")).map(|found| found.secret), Some("4096"));
        assert!(find("jp", &japanese("123456789013")).is_none());
        let chinese =
            form(&[(PersonField::FullName, "张三"), (PersonField::DocumentNumber, "11010519491231002X")]);
        assert!(find("cn", &chinese).is_some());
        assert!(find("cn", &form(&[(PersonField::FullName, "张三")])).is_none(), "a name alone is nobody");
    }
}
