//! Signals: caught once, carried as a value that anybody may ask.

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGXFSZ};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Tells whether INT, TERM or HUP has arrived. Clones share the answer.
#[derive(Debug, Clone, Default)]
pub struct Interrupt {
    signal: Arc<AtomicUsize>,
}

impl Interrupt {
    /// Catches INT, TERM and HUP from now on; where the system refuses, they keep their usual effect. The signal that a write past
    /// the limit on the size of files brings is taken, too, so that the write fails and says so, as on a full disk.
    pub fn listen() -> Self {
        let interrupt = Interrupt::default();
        let _ = signal_hook::flag::register(SIGXFSZ, Arc::new(AtomicBool::new(false)));
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            let number = usize::try_from(signal).unwrap_or_default();
            let _ = signal_hook::flag::register_usize(signal, Arc::clone(&interrupt.signal), number);
        }
        interrupt
    }

    /// Lets this and its clones answer as if signal `n` had arrived.
    pub fn raise(&self, n: u8) {
        self.signal.store(usize::from(n), Ordering::SeqCst);
    }

    /// The signal that arrived, if one has.
    pub fn signal(&self) -> Option<u8> {
        u8::try_from(self.signal.load(Ordering::SeqCst)).ok().filter(|n| *n != 0)
    }
}
