//! A process that runs while we do something else: a service, or k6.

use crate::failure::Failure;
use crate::system::exec::suite::{Ended, Suite};
use crate::system::interrupt::Interrupt;
use std::thread::{Scope, ScopedJoinHandle};

/// A process under a supervisor of its own. It ends at the latest when this is dropped.
pub(super) struct Running<'scope> {
    handle: Option<ScopedJoinHandle<'scope, Result<Ended, Failure>>>,
    stop: Interrupt,
}

impl<'scope> Running<'scope> {
    /// Starts it.
    pub(super) fn start(scope: &'scope Scope<'scope, '_>, suite: Suite) -> Running<'scope> {
        let stop = Interrupt::default();
        let told = stop.clone();
        Running { handle: Some(scope.spawn(move || suite.run(&told))), stop }
    }

    /// Whether it has ended, or could not be started.
    pub(super) fn is_over(&self) -> bool {
        self.handle.as_ref().is_none_or(ScopedJoinHandle::is_finished)
    }

    /// Ends it where it still runs, with everything that it started, and says how it ended.
    ///
    /// # Errors
    /// It could not be started, or its supervisor was killed.
    pub(super) fn end(mut self) -> Result<Ended, Failure> {
        self.stop.raise(15);
        let handle = self.handle.take().map(ScopedJoinHandle::join);
        handle.and_then(Result::ok).unwrap_or_else(|| Err(Failure::missing("can't tell how a process ended")))
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.stop.raise(15);
    }
}
