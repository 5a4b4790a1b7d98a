//! Pictures, the screening report and the codes of addresses.

use crate::support::{TestArgos, answer, document, face, grey, text};
use idv_edge::argos::{
    Address, AddressForm, AddressQuery, FileFormat, ImageType, Picture, PlusCode, ResourceId, Step1, Step2,
};
use idv_sandbox::scenario::Scenario;

#[tokio::test]
async fn pictures_come_back_as_they_were_sent() {
    let test = TestArgos::start().await;
    let picture = |seed| Picture::new(grey(seed)).expect("picture");
    let step = Step1 { id_back_image: Some(picture(3)), ..document(&Scenario::Approve.reference("a"), "a") };
    let id = test.argos.step1(&step).await.expect("step1").submission_id;
    let code = PlusCode::new("8Q98HXPG+MP").expect("code");
    let lives = Address { code: AddressForm::Global(code), input: None, detail: Some(text("Flat 3")) };
    let step = Step2 { address: Some(lives), address_image: Some(picture(4)), ..face(&id) };
    test.argos.step2(&step).await.expect("step2");
    for (kind, seed) in [
        (ImageType::IdImage, 1),
        (ImageType::IdBackImage, 3),
        (ImageType::SelfieImage, 2),
        (ImageType::AddressImage, 4),
    ] {
        let file = test.argos.image(&id, &kind).await.expect("image");
        assert_eq!(file.format, FileFormat::Jpeg);
        assert_eq!(*file.bytes, grey(seed), "{kind:?}");
    }
    let item = test.item(&id).await;
    assert_eq!(item["data"]["address_globalCode"], "8Q98HXPG+MP");
    assert_eq!(item["data"]["address_address_detail"], "Flat 3");
}

#[tokio::test]
async fn the_screening_report_is_a_pdf_that_says_what_was_found() {
    let test = TestArgos::start().await;
    for (scenario, status) in [(Scenario::Approve, "clear"), (Scenario::AmlHit, "potential_match")] {
        let (id, _) = test.run(scenario, scenario.name()).await;
        let item = test.item(&id).await;
        let screening = &item["aml_result"];
        assert_eq!(screening["currentstatus"], status);
        let resource = ResourceId::new(screening["resourceId"].as_str().expect("id")).expect("id");
        let file = test.argos.aml_report(&resource).await.expect("report");
        assert_eq!(file.format, FileFormat::Pdf);
        let pdf = lopdf::Document::load_mem(&file.bytes).expect("a PDF");
        assert_eq!(pdf.get_pages().len(), 1);
        let text = pdf.extract_text(&[1]).expect("text");
        for expected in ["AML screening report", id.as_str(), resource.as_str(), "John Smith", status] {
            assert!(text.contains(expected), "{expected} in {text}");
        }
    }
}

#[tokio::test]
async fn addresses_of_the_table_have_codes_and_others_are_refused() {
    let test = TestArgos::start().await;
    let query = |address: &str, language: &str| AddressQuery {
        address: text(address),
        language: Some(language.into()),
    };
    let sample = "1 Sejongno, Jongno-gu, Seoul, South Korea";
    let codes = test.argos.address_code(&query(sample, "en")).await.expect("codes");
    assert_eq!(codes.formatted_address, sample);
    assert_eq!(codes.compound_code, "HXPG+MP Seoul, South Korea");
    assert_eq!(codes.global_code.as_str(), "8Q98HXPG+MP");
    let korean =
        test.argos.address_code(&query("대한민국 서울특별시 종로구 세종로 1", "ko")).await.expect("codes");
    assert_eq!(korean.global_code, codes.global_code);
    assert!(korean.formatted_address.starts_with("대한민국"));
    let other =
        test.argos.address_code(&query("350 5th ave new york ny 10118 usa", "en")).await.expect("codes");
    assert!(other.compound_code.ends_with(" New York, USA"));
    let error =
        test.argos.address_code(&query("1 Nowhere Street", "en")).await.expect_err("not in the table");
    assert_eq!(error.status(), Some(400));
    let no_form = test.request("POST", "/address_code").json(&serde_json::json!({ "address": sample }));
    assert_eq!(answer(no_form).await.0, 400);
    let empty = test
        .request("POST", "/address_code")
        .header("content-type", "application/x-www-form-urlencoded")
        .body("language=en");
    let (status, body) = answer(empty).await;
    assert_eq!(status, 400);
    assert!(body["message"].as_str().is_some_and(|text| text.starts_with("missing required parameters")));
}
