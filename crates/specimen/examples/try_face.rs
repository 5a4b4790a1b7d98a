use idv_protocol::{Size, Turn};
use idv_specimen::{person::*, recording::*};
use idv_vision::face::*;
fn rgba(img: &image::RgbImage) -> Vec<u8> {
    img.pixels().flat_map(|p| [p[0], p[1], p[2], 255]).collect()
}
fn main() {
    let assets = idv_specimen::Assets::open().unwrap();
    let photo = assets.portrait().unwrap();
    let s = Subject::find(photo, assets.models_dir()).unwrap();
    let t = std::time::Instant::now();
    let rec = face(&Settings::new(7), &s, &[Turn::Left, Turn::Right], 6000).unwrap();
    println!("setup {:?} {} frames", t.elapsed(), rec.frame_count());
    for at in [0.0, 2000.0, 2950.0, 3450.0, 4000.0, 6300.0] {
        let t = std::time::Instant::now();
        let img = rec.frame_at(at);
        let e = t.elapsed();
        img.save(format!("/tmp/spec-out/f{at}.png")).unwrap();
        let found = Subject::find(img, assets.models_dir()).unwrap();
        let mesh = Mesh { points: found.points.to_vec(), score: 1.0 };
        println!(
            "{at} {e:?} {:?} {:?} nose {} h {}",
            rec.truth_at(at).pose,
            head_pose(&mesh),
            nose_offset(&mesh),
            found.face.height
        );
    }
    let pr = print(&Settings::new(7), &s, 10000.0).unwrap();
    for at in [0.0, 3500.0, 5100.0] {
        pr.frame_at(at).save(format!("/tmp/spec-out/p{at}.png")).unwrap();
        println!("{:?}", pr.truth_at(at));
    }
    let _ = (Size::default(), rgba as fn(&image::RgbImage) -> Vec<u8>);
}
