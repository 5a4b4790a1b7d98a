use idv_specimen::recording::*;
fn main() {
    let assets = idv_specimen::Assets::open().unwrap();
    let photo = assets.portrait().unwrap();
    let face = idv_specimen::person::Subject::find(photo.clone(), assets.models_dir()).unwrap().face;
    let t = std::time::Instant::now();
    let page = idv_specimen::document::passport(&assets, 7, &photo, face);
    let rec = document(&assets, &Settings::new(7), &page, 8000.0).unwrap();
    println!("setup {:?}", t.elapsed());
    for at in [0.0, 500.0, 900.0, 1200.0, 1500.0, 2500.0, 5000.0] {
        rec.frame_at(at).save(format!("/tmp/spec-out/d{at}.png")).unwrap();
        println!("{at} {:?}", rec.truth_at(at));
    }
    let t = std::time::Instant::now();
    let n = rec.frames().take(100).skip(60).map(|f| f.image.len()).count();
    println!("{n} frames one thread {:?} each", t.elapsed() / 100);
    let t = std::time::Instant::now();
    let mut f = std::fs::File::create("/tmp/spec-out/doc.mjpeg").unwrap();
    rec.write_mjpeg(&mut f, 0, |_| ()).unwrap();
    println!("mjpeg {:?} {:?}", t.elapsed(), f.metadata().unwrap().len());
}
