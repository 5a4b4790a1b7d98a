//! What the user sees while something long runs: one line a step, a bar where the length is known.

use indicatif::{ProgressBar, ProgressStyle};
use std::cell::Cell;
use std::io::IsTerminal;
use std::time::Instant;

thread_local! {
    static LANE: Cell<&'static str> = const { Cell::new("") };
}

/// Names what runs on this thread beside others: each of its lines begins with `name`.
pub fn begin_lane(name: &'static str) {
    LANE.set(name);
}

/// Prints a line.
pub fn say(line: &str) {
    eprintln!("{}", in_lane(line));
}

fn in_lane(line: &str) -> String {
    format!("{}{line}", LANE.get())
}

/// One step on the terminal. Says when it began and how long it took.
pub struct Task {
    name: String,
    started: Instant,
    bar: Option<ProgressBar>,
}

impl Task {
    /// Begins a step.
    pub fn start(name: impl Into<String>) -> Self {
        let name = name.into();
        // One bar at a time: what runs beside others prints lines.
        let alone = LANE.get().is_empty();
        let bar = (alone && std::io::stderr().is_terminal()).then(|| {
            let bar = ProgressBar::new(1000);
            if let Ok(style) = ProgressStyle::with_template(
                "  {spinner} {prefix} {bar:30.cyan/dim} {percent:>3} %  {wide_msg:.dim}",
            ) {
                bar.set_style(style);
            }
            bar.set_prefix(name.clone());
            bar.enable_steady_tick(std::time::Duration::from_millis(120));
            bar
        });
        if bar.is_none() {
            say(&format!("  … {name}"));
        }
        Self { name, started: Instant::now(), bar }
    }

    /// Moves the bar to `done` of 1, with a word about what runs now.
    pub fn at(&self, done: f64, what: &str) {
        if let Some(bar) = &self.bar {
            bar.set_position((done.clamp(0.0, 1.0) * 1000.0) as u64);
            bar.set_message(what.to_owned());
        }
    }

    /// Prints a line above the bar.
    pub fn note(&self, line: &str) {
        let line = format!("    {line}");
        match &self.bar {
            Some(bar) => bar.println(in_lane(&line)),
            None => say(&line),
        }
    }

    /// Ends the step.
    pub fn done(self, remark: &str) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        let remark = if remark.is_empty() { String::new() } else { format!(" - {remark}") };
        say(&format!("  ✓ {} ({:.1} s){remark}", self.name, self.started.elapsed().as_secs_f64()));
    }
}

/// A heading.
pub fn heading(text: &str) {
    eprintln!("\n{}", in_lane(text));
}
