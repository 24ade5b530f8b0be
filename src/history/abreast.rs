//! Work on many things at once, on all of the machine's processors.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// More threads than these are not worth their start.
const THREADS: usize = 4;

/// What `work` makes of each item, in their order. A thread takes `step` items at a time; where there are no more than these, no
/// other is started.
pub fn each<T: Sync, R: Send>(items: &[T], step: usize, work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let step = step.max(1);
    let most = items.len().div_ceil(step).min(THREADS);
    // To ask how many processors there are takes eight calls of the system.
    let threads = if most < 2 { 1 } else { thread::available_parallelism().map_or(1, usize::from).min(most) };
    if threads < 2 {
        return items.iter().map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let take = || {
        let mut done: Vec<(usize, Vec<R>)> = Vec::new();
        loop {
            let start = next.fetch_add(step, Ordering::Relaxed);
            let Some(mine) = items.get(start..(start + step).min(items.len())).filter(|mine| !mine.is_empty()) else {
                return done;
            };
            done.push((start, mine.iter().map(&work).collect()));
        }
    };
    let mut done = thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(take)).collect();
        let mut done = take();
        for other in others {
            done.extend(other.join().unwrap_or_else(|cause| resume_unwind(cause)));
        }
        done
    });
    done.sort_unstable_by_key(|(start, _)| *start);
    done.into_iter().flat_map(|(_, made)| made).collect()
}

/// What two pieces of work make that are done at the same time.
pub fn both<A: Send, B>(one: impl FnOnce() -> A + Send, other: impl FnOnce() -> B) -> (A, B) {
    thread::scope(|scope| {
        let one = scope.spawn(one);
        let other = other();
        (one.join().unwrap_or_else(|cause| resume_unwind(cause)), other)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_is_in_the_order_of_the_items_however_many_they_are() {
        for many in [0, 1, 7, 8, 9, 1000] {
            let items: Vec<usize> = (0..many).collect();
            assert_eq!(each(&items, 8, |n| n * 2), items.iter().map(|n| n * 2).collect::<Vec<_>>());
        }
    }
}
