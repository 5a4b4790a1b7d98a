//! Writes a recording as one JPEG after another, as Chromium's file camera reads it. Frames are made on all
//! cores and written in order.

use super::{Recording, Scratch};
use crate::error::{Error, ErrorKind};
use image::RgbImage;
use image::codecs::jpeg::JpegEncoder;
use std::collections::BTreeMap;
use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::sync_channel;

/// Quality of the frames: that of a good webcam's own compression.
pub const JPEG_QUALITY: u8 = 88;

/// Finished frames that wait for their turn, for each thread.
const AHEAD: usize = 8;

impl Recording {
    /// Writes all frames to `out`, made on `threads` threads (0: one for each core). `progress` hears the
    /// share that is written, from 0 to 1. Frames that repeat are made once. Fails with [`ErrorKind::Write`].
    pub fn write_mjpeg(
        &self,
        out: &mut impl Write,
        threads: usize,
        mut progress: impl FnMut(f32),
    ) -> Result<(), Error> {
        let threads =
            if threads == 0 { std::thread::available_parallelism().map_or(1, usize::from) } else { threads };
        let originals = if self.cycle == 0 { self.frames } else { self.frames.min(self.intro + self.cycle) };
        let next = AtomicUsize::new(0);
        let (sender, receiver) = sync_channel::<(usize, Result<Vec<u8>, Error>)>(AHEAD * threads);
        std::thread::scope(|scope| {
            for _ in 0..threads {
                let (sender, next) = (sender.clone(), &next);
                scope.spawn(move || {
                    let mut scratch = Scratch::new();
                    loop {
                        let index = next.fetch_add(1, Ordering::Relaxed);
                        if index >= originals {
                            return;
                        }
                        let jpeg = encode(&self.take.frame(self.time_of(index), &mut scratch));
                        // The receiver is gone once writing has failed.
                        if sender.send((index, jpeg)).is_err() {
                            return;
                        }
                    }
                });
            }
            drop(sender);
            self.write_in_order(out, originals, receiver.into_iter(), &mut progress)
        })
    }

    fn write_in_order(
        &self,
        out: &mut impl Write,
        originals: usize,
        made: impl Iterator<Item = (usize, Result<Vec<u8>, Error>)>,
        progress: &mut impl FnMut(f32),
    ) -> Result<(), Error> {
        let mut waiting = BTreeMap::new();
        let mut repeated = Vec::new();
        let mut written = 0;
        for (index, jpeg) in made {
            waiting.insert(index, jpeg?);
            while let Some(jpeg) = waiting.remove(&written) {
                out.write_all(&jpeg)?;
                if self.cycle > 0 && written >= self.intro {
                    repeated.push(jpeg);
                }
                written += 1;
                progress(written as f32 / originals as f32);
            }
        }
        for index in written..self.frames {
            match repeated.get(self.original_of(index).saturating_sub(self.intro)) {
                Some(jpeg) => out.write_all(jpeg)?,
                None => return Err(Error::new(ErrorKind::Write, "a frame of the recording was not made")),
            }
        }
        out.flush()?;
        Ok(())
    }
}

fn encode(image: &RgbImage) -> Result<Vec<u8>, Error> {
    let mut jpeg = Vec::with_capacity(400_000);
    JpegEncoder::new_with_quality(&mut jpeg, JPEG_QUALITY)
        .encode_image(image)
        .map_err(|error| Error::new(ErrorKind::Write, format!("cannot encode a frame: {error}")))?;
    Ok(jpeg)
}
