//! Patterns made ready while something else is waited for: to make them takes longer than to search a small project.

use super::{cases, load, papers, signals, spelled};
use crate::history::abreast;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, Ordering};

/// What most projects are searched for, one after the other as they are needed.
const COMMON: [fn(); 12] = [
    || made(&spelled::NODE),
    || made(&spelled::GO),
    || made(&spelled::PYTHON),
    || made(&cases::JS),
    || made(&cases::GO),
    || made(&papers::FIGURE),
    || made(&papers::JUDGES),
    || made(&papers::UNFILLED),
    || made(&signals::METRICS_USE),
    || made(&signals::LOGGING_USE),
    || made(&load::SCRIPT),
    || made(&load::RESULT),
];

fn made<T>(pattern: &LazyLock<T>) {
    LazyLock::force(pattern);
}

/// What `first` and `work` give, which are done at the same time. For as long as there is `work` after `first`, patterns are made that
/// most projects are searched for.
pub fn ready_while<A: Send, B>(first: impl FnOnce() -> A + Send, work: impl FnOnce() -> B) -> (A, B) {
    let is_done = AtomicBool::new(false);
    abreast::both(
        || {
            let first = first();
            COMMON.iter().take_while(|_| !is_done.load(Ordering::Relaxed)).for_each(|make| make());
            first
        },
        || {
            let done = work();
            is_done.store(true, Ordering::Relaxed);
            done
        },
    )
}
