fn main() {
    let assets = idv_specimen::Assets::open().unwrap();
    let photo = assets.portrait().unwrap();
    let face = idv_specimen::person::Subject::find(photo.clone(), assets.models_dir()).unwrap().face;
    let t = std::time::Instant::now();
    let page = idv_specimen::document::passport(&assets, 7, &photo, face);
    println!("{:?} {:?}", t.elapsed(), page.mrz);
    page.picture.to_image().save("/tmp/spec-out/page.png").unwrap();
}
