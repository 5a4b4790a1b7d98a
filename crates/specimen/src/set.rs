//! Folders of pictures with their labels. In: kinds, a first seed, a number, the people who are shown. Out:
//! pictures and labels; a folder's `labels.json` is a list with `file`, `lines`, `format`, `width`, `height` and
//! `quad` first. Rule: a picture depends on its seed and kind alone, not on the set it is part of.

use crate::assets::Assets;
use crate::document::holder::{Holder, Sex};
use crate::document::labels::Label;
use crate::document::{self, Kind, Order, Page, Photo};
use crate::error::{Error, ErrorKind};
use crate::person::{Subject, blend};
use crate::random::stream;
use crate::recording::photograph;
use idv_protocol::{PxRect, Size};
use image::RgbImage;
use rand::Rng;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The people whose portraits documents show: none of them lives, each has a face between two photographs'.
pub struct People {
    women: Vec<Person>,
    men: Vec<Person>,
}

struct Person {
    photo: RgbImage,
    face: PxRect,
}

/// Shares of the second face in a portrait.
const SHARES: [f32; 2] = [0.5, 0.65];

impl People {
    /// People made from the photographs that set-up fetches. Fails as [`Subject::find`] does.
    pub fn open(assets: &Assets) -> Result<Self, Error> {
        let find = |photo: RgbImage| Subject::find(photo, assets.models_dir());
        let woman = find(assets.portrait()?)?;
        let [first, second, third] =
            ["obama.jpg", "obama2.jpg", "biden.jpg"].map(|name| find(assets.picture(name)?));
        let men = [first?, second?, third?];
        // Heads that are photographed from the front, with the faces that are put on them.
        let pairs = |base: &Subject, others: &[&Subject]| -> Vec<Person> {
            let of = |other: &&Subject| {
                SHARES.map(|share| Person { photo: blend(base, other, share), face: base.face })
            };
            others.iter().flat_map(of).collect()
        };
        let [first, second, third] = &men;
        let mut all_men = pairs(first, &[third, &woman]);
        all_men.extend(pairs(second, &[third]));
        all_men.extend(pairs(third, &[first, &woman]));
        Ok(Self { women: pairs(&woman, &[first, third]), men: all_men })
    }

    /// Who is shown on the document of `kind` with `seed`.
    fn shown(&self, kind: Kind, seed: u64) -> Result<Photo<'_>, Error> {
        let mut rng = stream(seed, "portrait");
        let pool = match Holder::varied(seed, kind).sex {
            Sex::Female => &self.women,
            Sex::Male => &self.men,
            Sex::Unspecified if rng.random_bool(0.5) => &self.women,
            Sex::Unspecified => &self.men,
        };
        let index = rng.random_range(0..pool.len().max(1));
        let person =
            pool.get(index).ok_or_else(|| Error::new(ErrorKind::BadRequest, "there is nobody to show"))?;
        Ok(Photo { image: &person.photo, face: person.face })
    }
}

/// What pictures are asked for.
#[derive(Clone, Debug)]
pub struct SetOrder {
    /// Kinds, in turn.
    pub kinds: Vec<Kind>,
    /// Seed of the first picture; each further one has the next.
    pub first_seed: u64,
    /// Scale of flat pictures in px per mm.
    pub px_per_mm: f32,
    /// Size of photographs in px; flat pictures without.
    pub photographed: Option<Size>,
    /// One photograph of so many shows no document; 0 for none.
    pub empty_each: usize,
    /// Ending of the files' names: `png` or `jpg`.
    pub ending: String,
}

/// Quality of JPEG files.
const JPEG_QUALITY: u8 = 92;

/// Makes one picture as `order` asks, the `index`-th, as `file`.
pub fn picture(
    assets: &Assets,
    people: &People,
    order: &SetOrder,
    index: usize,
    file: String,
) -> Result<(RgbImage, Label), Error> {
    let seed = order.first_seed.wrapping_add(index as u64);
    let what = *order
        .kinds
        .get(index % order.kinds.len().max(1))
        .ok_or_else(|| Error::new(ErrorKind::BadRequest, "no kind of document is named"))?;
    let is_empty = order.empty_each > 0 && index % order.empty_each == order.empty_each - 1;
    let page = |px_per_mm: f32| -> Result<Page, Error> {
        document::page(assets, &Order { what, seed, px_per_mm }, people.shown(what, seed)?)
    };
    let Some(size) = order.photographed else {
        let page = page(order.px_per_mm)?;
        return Ok((page.picture.to_image(), Label::flat(file, &page)));
    };
    let page = if is_empty { None } else { Some(page(order.px_per_mm)?) };
    let taken = photograph(assets, seed, size, page.as_ref())?;
    let pixels = [size.width, size.height];
    let label = match (&page, &taken.quad) {
        (Some(page), Some(quad)) => Label::seen(file, pixels, page, quad),
        _ => Label::empty(file, pixels, seed),
    };
    Ok((taken.image, label))
}

/// Writes `count` pictures and `labels.json` into `folder` on `threads` threads; `progress` hears the share that
/// is done.
pub fn write(
    assets: &Assets,
    people: &People,
    order: &SetOrder,
    count: usize,
    folder: &Path,
    threads: usize,
    progress: impl Fn(f32) + Sync,
) -> Result<(), Error> {
    std::fs::create_dir_all(folder)?;
    let next = AtomicUsize::new(0);
    let labels: Mutex<Vec<(usize, Label)>> = Mutex::new(Vec::with_capacity(count));
    let work = || -> Result<(), Error> {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= count {
                return Ok(());
            }
            let file = format!("{:05}.{}", index, order.ending);
            let (image, label) = picture(assets, people, order, index, file.clone())?;
            save(&image, &folder.join(file))?;
            if let Ok(mut labels) = labels.lock() {
                labels.push((index, label));
                progress(labels.len() as f32 / count as f32);
            }
        }
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads.max(1)).map(|_| scope.spawn(work)).collect();
        workers.into_iter().try_for_each(|worker| {
            worker.join().unwrap_or_else(|_| Err(Error::new(ErrorKind::Write, "a thread ended early")))
        })
    })?;
    let mut labels = labels.into_inner().unwrap_or_default();
    labels.sort_by_key(|(index, _)| *index);
    let labels: Vec<Label> = labels.into_iter().map(|(_, label)| label).collect();
    write_json(&labels, &folder.join("labels.json"))
}

/// Writes `image` as `path`'s ending says. Fails with [`ErrorKind::Write`].
pub fn save(image: &RgbImage, path: &Path) -> Result<(), Error> {
    let failed = |error: image::ImageError| {
        Error::new(ErrorKind::Write, format!("cannot write {}: {error}", path.display()))
    };
    if path.extension().is_some_and(|ending| ending == "jpg" || ending == "jpeg") {
        let file = std::io::BufWriter::new(std::fs::File::create(path)?);
        let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(file, JPEG_QUALITY);
        return image.write_with_encoder(encoder).map_err(failed);
    }
    image.save(path).map_err(failed)
}

/// Writes one label beside the picture `path`: the same name with the ending `json`.
pub fn save_label(label: &Label, path: &Path) -> Result<PathBuf, Error> {
    let beside = path.with_extension("json");
    write_json(label, &beside)?;
    Ok(beside)
}

fn write_json(value: &impl serde::Serialize, path: &Path) -> Result<(), Error> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|error| Error::new(ErrorKind::Write, format!("cannot write labels: {error}")))?;
    Ok(std::fs::write(path, text + "\n")?)
}
