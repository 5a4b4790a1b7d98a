use super::*;
use crate::reading::mrz::line::measure;
use idv_protocol::{Point, Size};

/// A zone drawn as two upright strokes a cell on bright paper.
struct Drawn {
    size: Size,
    start: Point,
    slope: f32,
    pitch_px: f32,
    cap_px: f32,
    step_px: f32,
    columns: usize,
    lines: usize,
}

const PASSPORT: Drawn = Drawn {
    size: Size { width: 800, height: 560 },
    start: Point::new(60.0, 430.0),
    slope: 0.0,
    pitch_px: 15.6,
    cap_px: 17.0,
    step_px: 40.0,
    columns: 44,
    lines: 2,
};

impl Drawn {
    fn ink(&self, x: f32, y: f32) -> bool {
        (0..self.lines).any(|line| {
            let top = self.start.y + line as f32 * self.step_px + self.slope * (x - self.start.x);
            let cell = (x - self.start.x) / self.pitch_px;
            let part = cell.rem_euclid(1.0);
            // Cells differ, as letters do.
            let second = 0.45 + 0.05 * ((cell as usize * 7 + line * 5) % 11 % 5) as f32;
            (y - top).abs() < self.cap_px / 2.0
                && (0.0..self.columns as f32).contains(&cell)
                && ((part - 0.25).abs() < 0.08 || (part - second).abs() < 0.08)
        })
    }

    fn plane(&self) -> Luma {
        let (width, height) = (self.size.width as usize, self.size.height as usize);
        let level = |i: usize| {
            let (x, y) = ((i % width) as f32 + 0.5, (i / width) as f32 + 0.5);
            if self.ink(x, y) { 40 } else { 205 + (i % 7) as u8 * 3 }
        };
        Luma { data: (0..width * height).map(level).collect(), size: self.size }
    }
}

/// The plane with rows and columns exchanged.
fn transposed(plane: &Luma) -> Luma {
    let (width, height) = (plane.size.width as usize, plane.size.height as usize);
    let data = (0..width * height).map(|i| plane.at(i / height, i % height)).collect();
    Luma { data, size: Size { width: height as u32, height: width as u32 } }
}

fn best(plane: &Luma, transposed: bool) -> Candidate {
    let found = Locator::default().find(plane, transposed, MAX_SLOPE, FAR_SIDE_PX);
    *found.first().expect("a candidate")
}

#[test]
fn finds_the_lines_of_every_format_and_measures_them() {
    for (columns, lines, pitch_px) in [(44, 2, 15.6), (36, 2, 19.0), (30, 3, 22.0)] {
        let drawn = Drawn { columns, lines, pitch_px, cap_px: pitch_px * 1.08, ..PASSPORT };
        let plane = drawn.plane();
        let candidate = best(&plane, false);
        assert_eq!(candidate.lines, lines);
        let measured = measure(&plane, &candidate);
        assert_eq!(measured.len(), lines);
        for (index, line) in measured.iter().enumerate() {
            assert_eq!(line.columns, columns);
            assert!((line.pitch_px / pitch_px - 1.0).abs() < 0.02, "pitch {} of {pitch_px}", line.pitch_px);
            assert!(
                (line.cap_px / drawn.cap_px - 1.0).abs() < 0.2,
                "height {} of {}",
                line.cap_px,
                drawn.cap_px
            );
            let expected = Point::new(drawn.start.x, drawn.start.y + index as f32 * drawn.step_px);
            assert!(line.start.distance(expected) < 0.4 * pitch_px, "{:?} for {expected:?}", line.start);
        }
    }
}

#[test]
fn follows_lines_that_lean() {
    for slope in [-0.15, -0.06, 0.03, 0.12] {
        let start = Point::new(70.0, 260.0 - slope * 300.0);
        let drawn = Drawn { slope, start, ..PASSPORT };
        let plane = drawn.plane();
        let measured = measure(&plane, &best(&plane, false));
        assert_eq!(measured.len(), 2);
        for line in measured {
            assert!((line.along.y / line.along.x - slope).abs() < 0.006, "{:?} for {slope}", line.along);
        }
    }
}

#[test]
fn lines_along_the_height_read_upwards_and_the_leftmost_comes_first() {
    let plane = transposed(&PASSPORT.plane());
    let candidate = best(&plane, true);
    assert!(candidate.transposed);
    let measured = measure(&plane, &candidate);
    let [first, second] = measured.as_slice() else { panic!("two lines") };
    assert!(first.along.y < -0.99 && first.along.x.abs() < 0.02);
    assert!(first.start.x < second.start.x);
    // The first letter's foot is to the right: rows and columns exchanged, the zone began at the top.
    assert!((first.start.y - (60.0 + 44.0 * 15.6)).abs() < 8.0, "{:?}", first.start);
    assert!(first.at(0.0, 5.0).x > first.start.x, "down is to the right");
}

#[test]
fn finds_nothing_on_bare_paper_and_in_tiny_planes() {
    let bare = Luma { data: vec![180; 640 * 480], size: Size { width: 640, height: 480 } };
    assert!(Locator::default().find(&bare, false, MAX_SLOPE, FAR_SIDE_PX).is_empty());
    for (width, height) in [(1, 1), (64, 1), (1, 4000), (3000, 2), (30, 30)] {
        let plane =
            Luma { data: vec![9; width * height], size: Size { width: width as u32, height: height as u32 } };
        for transposed in [false, true] {
            assert!(Locator::default().find(&plane, transposed, MAX_SLOPE, NEAR_SIDE_PX).is_empty());
        }
    }
}
