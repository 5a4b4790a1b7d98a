#![cfg(not(target_arch = "wasm32"))]
mod face_support;
use face_support::*;
use idv_vision::face::*;
use idv_vision::inference::Model;
use std::time::Instant;

fn time(name: &str, mut f: impl FnMut()) {
    f();
    let mut best = f64::MAX;
    for _ in 0..8 { let t = Instant::now(); f(); best = best.min(t.elapsed().as_secs_f64() * 1e3); }
    println!("TIME {name}: {best:.2} ms");
}

#[test]
fn explore() {
    for name in ["face_detector", "face_mesh", "passive_pad", "face_embedding"] {
        let t = Instant::now();
        let mut m = model(name);
        println!("{name} load {:.1} ms in {:?}", t.elapsed().as_secs_f64() * 1e3, m.input_shape());
        let input = vec![0.3; m.input_shape().iter().product()];
        for o in m.run(&input).unwrap() { println!("   out {:?} {:?}", o.shape, &o.values[..3.min(o.values.len())]); }
        time(name, || { m.run(&input).unwrap(); });
    }
    let data = real_data().unwrap();
    let (mut d, mut m, mut p) = (detector(), mesh(), passive());
    for folder in ["faces", "liveness"] {
        for (label, image) in labelled(&data.join(folder)) {
            let frame = image.view().unwrap();
            let faces = d.detect(frame).unwrap();
            println!("{} {:?} expected {} found {}", label["file"], frame.size(), label["faces"], faces.len());
            for face in faces.iter().take(3) {
                let mesh = m.fit(frame, face).unwrap();
                let r = d.refine(frame, face).unwrap();
                println!("   score {:.2} rect {:?} refined {:?}", face.score, face.rect, r.map(|f| f.rect));
                println!("   mesh {:.3} pose {:?} nose {:.3} pad {:.3}", mesh.score, head_pose(&mesh), nose_offset(&mesh), p.score(frame, face).unwrap());
                println!("   {:?}", measure_face(frame, &[*face], Some(head_pose(&mesh)), &Default::default()).checks.iter().map(|c| format!("{:?} {:.3} {}", c.code, c.value, c.passed)).collect::<Vec<_>>());
            }
        }
    }
    let image = asset("astronaut.png");
    let frame = image.view().unwrap();
    time("detect 512", || { d.detect(frame).unwrap(); });
    let big = vec![120u8; 1280 * 720 * 4];
    let bigf = idv_vision::frame::RgbaView::new(&big, idv_protocol::Size { width: 1280, height: 720 }).unwrap();
    time("detect 1280x720", || { d.detect(bigf).unwrap(); });
    let face = d.detect(frame).unwrap()[0];
    time("mesh fit", || { m.fit(frame, &face).unwrap(); });
    time("pad score (2 crops)", || { p.score(frame, &face).unwrap(); });
    time("quality", || { measure_face(frame, &[face], None, &Default::default()); });
    let mut e = embedder();
    time("embed", || { e.embed(frame, &face).unwrap(); });
    let mut embeddings = vec![];
    for (label, image) in labelled(&data.join("faces")) {
        if label["identity"].is_string() {
            let frame = image.view().unwrap();
            let face = d.detect(frame).unwrap()[0];
            let refined = d.refine(frame, &face).unwrap().unwrap();
            embeddings.push((label["file"].to_string(), e.embed(frame, &face).unwrap(), e.embed(frame, &refined).unwrap()));
        }
    }
    for i in 0..embeddings.len() { for j in 0..i {
        println!("{} {} {:.3} refined {:.3}", embeddings[i].0, embeddings[j].0, embeddings[i].1.similarity(&embeddings[j].1), embeddings[i].2.similarity(&embeddings[j].2));
    } }
    // video
    for gif in ["head-pose-female.gif", "head-pose-male.gif"] {
        use image::AnimationDecoder;
        let file = std::io::BufReader::new(std::fs::File::open(data.join("video").join(gif)).unwrap());
        let frames = image::codecs::gif::GifDecoder::new(file).unwrap().into_frames().collect_frames().unwrap();
        println!("{gif} {} frames", frames.len());
        for (i, f) in frames.iter().enumerate() {
            if i % 4 != 0 { continue; }
            let b = f.buffer();
            let frame = idv_vision::frame::RgbaView::new(b.as_raw(), idv_protocol::Size { width: b.width(), height: b.height() }).unwrap();
            let faces = d.detect(frame).unwrap();
            if let Some(face) = faces.first() {
                let mesh = m.fit(frame, face).unwrap();
                let pose = head_pose(&mesh);
                println!("{i} n={} w={:.0} mesh {:.2} yaw {:.1} pitch {:.1} roll {:.1} nose {:.3} pad {:.2}", faces.len(), face.rect.width, mesh.score, pose.yaw_deg, pose.pitch_deg, pose.roll_deg, nose_offset(&mesh), p.score(frame, face).unwrap());
            } else { println!("{i} none {:?}", frame.size()); }
        }
    }
}
