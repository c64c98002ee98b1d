//! Work on many things with all cores, answers in the order of the things, and never many of them in memory.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::sync::{Condvar, Mutex, PoisonError, mpsc};
use std::thread;

/// Things begun ahead of the one whose answer is taken next, per core.
const AHEAD: usize = 16;

/// Calls `work` for every item on all cores and hands the answers to `take` in the order of the items.
pub(super) fn in_order<I: Sync, O: Send, E>(
    items: &[I],
    work: impl Fn(&I) -> O + Sync,
    mut take: impl FnMut(&I, O) -> Result<(), E>,
) -> Result<(), E> {
    let threads = thread::available_parallelism().map_or(1, NonZero::get).min(items.len().max(1));
    // The next item to begin, and how many answers have been taken.
    let places = Mutex::new((0, 0));
    let moved = Condvar::new();
    let (sender, receiver) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..threads {
            let (sender, places, moved, work) = (sender.clone(), &places, &moved, &work);
            scope.spawn(move || {
                loop {
                    let at = {
                        let guard = places.lock().unwrap_or_else(PoisonError::into_inner);
                        let mut places = moved
                            .wait_while(guard, |(next, taken)| *next >= *taken + threads * AHEAD)
                            .unwrap_or_else(PoisonError::into_inner);
                        places.0 += 1;
                        places.0 - 1
                    };
                    let Some(item) = items.get(at) else { return };
                    // Nobody listens any more when taking has failed.
                    if sender.send((at, work(item))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        let mut early: BTreeMap<usize, O> = BTreeMap::new();
        let mut result = Ok(());
        let mut taken = 0;
        for (at, answer) in &receiver {
            early.insert(at, answer);
            while let Some(answer) = early.remove(&taken) {
                result = take(&items[taken], answer);
                taken += 1;
                // After a failure nothing more is begun: the others find the end of the list.
                let next = if result.is_err() { usize::MAX / 2 } else { taken };
                let mut places = places.lock().unwrap_or_else(PoisonError::into_inner);
                places.1 = next;
                if result.is_err() {
                    places.0 = items.len();
                }
                moved.notify_all();
                if result.is_err() {
                    break;
                }
            }
            if result.is_err() {
                break;
            }
        }
        drop(receiver);
        result
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    #[test]
    fn answers_come_in_order_and_few_wait() {
        let items: Vec<usize> = (0..500).collect();
        let (begun, mut taken, mut most) = (AtomicUsize::new(0), Vec::new(), 0);
        let done: Result<(), ()> = in_order(
            &items,
            |item| {
                begun.fetch_add(1, Ordering::Relaxed);
                // The first is the slowest: all others must wait for it, and not all be begun.
                thread::sleep(Duration::from_micros(if *item == 0 { 20_000 } else { 10 }));
                item * 2
            },
            |item, answer| {
                most = most.max(begun.load(Ordering::Relaxed) - taken.len());
                taken.push(answer);
                assert_eq!(answer, item * 2);
                Ok(())
            },
        );
        assert!(done.is_ok() && taken.len() == 500 && taken.is_sorted());
        let threads = thread::available_parallelism().unwrap().get();
        assert!(most <= threads * (AHEAD + 1), "{most}");
    }

    #[test]
    fn the_first_failure_ends_it() {
        let items: Vec<usize> = (0..5_000).collect();
        let begun = AtomicUsize::new(0);
        let work = |item: &usize| (*item, begun.fetch_add(1, Ordering::Relaxed)).0;
        let done = in_order(&items, work, |_, answer| if answer == 7 { Err("full") } else { Ok(()) });
        assert_eq!(done, Err("full"));
        assert!(begun.load(Ordering::Relaxed) < 1_000);
        assert_eq!(in_order(&[], |_: &()| (), |_, ()| Ok::<(), ()>(())), Ok(()));
    }
}
