//! How often a capture is given up in the hope of a better one, and when the user may take it by hand.

use super::verdict::Verdict;
use idv_protocol::DocumentTask;

/// Captures given up in one task.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Patience {
    zone: u32,
    barcode: u32,
    /// Files refused because no portrait was found in them.
    files: u32,
    /// Captures given up for any reason.
    failures: u32,
    /// True from when on the user may take the picture.
    manual: bool,
}

impl Patience {
    /// Whether a capture with this verdict is given up, and counts it if so: `most` times for each reason that can pass
    /// for another, always for a document that is certainly the wrong one and for a front without a portrait, which the
    /// operator would refuse.
    pub(super) fn gives_up(&mut self, verdict: Verdict, most: u32) -> bool {
        let count = match verdict {
            Verdict::Good => return false,
            Verdict::WrongKind | Verdict::OtherSide | Verdict::NoPortrait => {
                self.failures += 1;
                return true;
            }
            Verdict::Covered | Verdict::Unreadable => &mut self.zone,
            Verdict::NoBarcode => &mut self.barcode,
        };
        if *count >= most {
            return false;
        }
        *count += 1;
        self.failures += 1;
        true
    }

    /// Whether a file with this verdict is of the wrong side, and counts it if so: as often as a capture is given up for
    /// it, since a portrait may be there that is not found.
    pub(super) fn refuses_file(&mut self, verdict: Verdict, most: u32) -> bool {
        match verdict {
            Verdict::OtherSide => true,
            Verdict::NoPortrait if self.files < most => {
                self.files += 1;
                true
            }
            _ => false,
        }
    }

    /// What is left of it when the same side is begun once more: each file is a task of its own.
    pub(super) fn begun_again(&self) -> Self {
        Self { files: self.files, ..Self::default() }
    }

    /// Whether the user may take the picture, `elapsed_ms` after the first frame of `task`. Once true, it stays true.
    pub(super) fn offers_manual(&mut self, elapsed_ms: f64, task: &DocumentTask) -> bool {
        self.manual |= elapsed_ms >= f64::from(task.manual_after_ms);
        self.manual |= self.failures >= task.manual_after_failures;
        self.manual
    }

    /// Whether it was offered before.
    pub(super) fn offered_manual(&self) -> bool {
        self.manual
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use idv_protocol::DocumentSide;
    use idv_protocol::reading::CalendarDate;

    #[test]
    fn each_reason_has_its_own_patience_and_certainty_has_no_end() {
        let mut patience = Patience::default();
        let mut given_up = |verdict| (0..5).filter(|_| patience.gives_up(verdict, 3)).count();
        assert_eq!(given_up(Verdict::Unreadable), 3);
        assert_eq!(given_up(Verdict::Covered), 0, "the zone's patience is one");
        assert_eq!(given_up(Verdict::NoPortrait), 5);
        assert_eq!(given_up(Verdict::NoBarcode), 3);
        assert_eq!(given_up(Verdict::WrongKind), 5);
        assert_eq!(given_up(Verdict::OtherSide), 5);
        assert_eq!(given_up(Verdict::Good), 0);
    }

    #[test]
    fn files_are_refused_for_a_missing_portrait_as_often_over_all_tasks_of_a_side() {
        let mut patience = Patience::default();
        for refused in [true, true, true, false] {
            assert_eq!(patience.refuses_file(Verdict::NoPortrait, 3), refused);
            assert!(patience.refuses_file(Verdict::OtherSide, 3));
            assert!(!patience.refuses_file(Verdict::Unreadable, 3));
            patience = patience.begun_again();
        }
        assert!(patience.gives_up(Verdict::NoPortrait, 3), "captures have their own");
    }

    #[test]
    fn the_user_may_take_the_picture_after_the_time_or_after_the_failures() {
        let mut task = DocumentTask::new(1, DocumentSide::Front, CalendarDate::new(2026, 1, 1));
        (task.manual_after_ms, task.manual_after_failures) = (1_000, 2);
        let mut slow = Patience::default();
        assert!(!slow.offers_manual(999.0, &task));
        assert!(slow.offers_manual(1_000.0, &task));
        assert!(slow.offers_manual(0.0, &task), "it stays offered");
        let mut failing = Patience::default();
        failing.gives_up(Verdict::WrongKind, 3);
        assert!(!failing.offers_manual(0.0, &task));
        failing.gives_up(Verdict::Unreadable, 3);
        assert!(failing.offers_manual(0.0, &task) && failing.offered_manual());
    }
}
