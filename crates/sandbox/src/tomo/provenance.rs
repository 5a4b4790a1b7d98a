//! `field_provenance` of contract 1.4: which members were put together here, which are missing, which nobody asked for.

use super::person::Holder;
use idv_edge::tomo::{
    Address, Contact, DocumentView, FieldProvenance, KycPolicy, Method, Person, STANDARD_FIELDS, Subject,
};

/// What a record tells.
pub(super) struct Known<'a> {
    pub(super) person: &'a Person,
    pub(super) contact: &'a Contact,
    pub(super) address: &'a Address,
    pub(super) document: &'a DocumentView,
}

impl Known<'_> {
    fn has(&self, field: &str) -> bool {
        let Known { person, contact, address, document } = self;
        match field {
            "status" => true,
            "full_name" => person.full_name.is_some(),
            "family_name" => person.family_name.is_some(),
            "given_name" => person.given_name.is_some(),
            "date_of_birth" => person.date_of_birth.is_some(),
            "sex" => person.sex.is_some(),
            "nationality" => person.nationality.is_some(),
            "government_id" => person.government_id.is_some(),
            "full_address" => address.full.is_some(),
            "street" => address.street.is_some(),
            "city" => address.city.is_some(),
            "region" => address.region.is_some(),
            "postal_code" => address.postal_code.is_some(),
            "email_address" => contact.email_address.is_some(),
            "phone_number" => contact.phone_number.is_some(),
            "document_category" => document.category.is_some(),
            "document_number" => document.number.is_some(),
            "document_issuing_country" => document.issuing_country.is_some(),
            "document_issuing_region" => document.issuing_region.is_some(),
            "document_expiration_date" => document.expiration_date.is_some(),
            _ => false,
        }
    }
}

/// Members that a policy asks for, of a document, of the person or of a provider.
fn asked(policy: &KycPolicy) -> &'static [&'static str] {
    match policy.method() {
        Method::DocumentOcrCheck | Method::DocumentAuthenticityCheck => &[
            "full_name",
            "family_name",
            "given_name",
            "date_of_birth",
            "sex",
            "nationality",
            "document_number",
            "document_issuing_country",
            "document_expiration_date",
        ],
        Method::PersonalInfoVerf => &[
            "full_name",
            "family_name",
            "given_name",
            "date_of_birth",
            "full_address",
            "street",
            "city",
            "region",
            "postal_code",
            "phone_number",
        ],
        Method::GovernmentIdVerf => &["full_name", "date_of_birth", "government_id", "document_number"],
        Method::GovernmentCiVerf => &["full_name", "date_of_birth", "sex", "nationality", "phone_number"],
    }
}

/// The provenance of what is told of `holder`.
pub(super) fn of(policy: &KycPolicy, holder: Option<&Holder<'_>>, known: &Known<'_>) -> FieldProvenance {
    let mut provenance = FieldProvenance::default();
    if holder.is_some_and(Holder::derives_full_name) {
        provenance.derived_fields.push("full_name".to_owned());
    }
    if known.address.full.is_some() {
        provenance.derived_fields.push("full_address".to_owned());
    }
    let asked = asked(policy);
    let presented = matches!(policy.subject(), Subject::Document(_));
    for field in STANDARD_FIELDS.into_iter().filter(|field| !known.has(field)) {
        let list = if asked.contains(&field) || (presented && field == "document_category") {
            &mut provenance.missing_fields
        } else {
            &mut provenance.not_collected_fields
        };
        list.push(field.to_owned());
    }
    provenance
}

#[cfg(test)]
mod tests {
    use super::*;
    use idv_edge::tomo::PolicyKey;

    #[test]
    fn each_member_is_told_derived_missing_or_not_collected() {
        let key: PolicyKey =
            "unknown:document:passport:document_ocr_check:no_owner_assurance".parse().expect("key");
        let policy = key.policy.expect("policy");
        let person = Person { full_name: Some("ANNA ERIKSSON".into()), ..Person::default() };
        let document = DocumentView { category: Some("passport".into()), ..DocumentView::default() };
        let known = Known {
            person: &person,
            contact: &Contact::default(),
            address: &Address::default(),
            document: &document,
        };
        let provenance = of(&policy, None, &known);
        assert!(provenance.derived_fields.is_empty());
        assert_eq!(
            provenance.missing_fields,
            [
                "family_name",
                "given_name",
                "date_of_birth",
                "sex",
                "nationality",
                "document_number",
                "document_issuing_country",
                "document_expiration_date"
            ]
        );
        for field in ["street", "email_address", "government_id", "document_issuing_region"] {
            assert!(provenance.not_collected_fields.iter().any(|one| one == field), "{field}");
        }
        let told = 2 + 1;
        let listed = provenance.missing_fields.len() + provenance.not_collected_fields.len();
        assert_eq!(listed + told, STANDARD_FIELDS.len(), "name, category and status are known");
    }
}
