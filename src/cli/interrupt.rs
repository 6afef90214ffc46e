//! Ctrl-C, and what else asks a process to end.

use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

/// The wishes to stop that have come in since somebody began to listen.
#[derive(Debug)]
pub struct Interrupts(Option<Receiver<()>>);

impl Interrupts {
    /// From now on SIGINT, SIGTERM and SIGHUP do not end the process, but are told here. Where that cannot be had, they end it
    /// as ever, which every run survives.
    pub fn listen() -> Self {
        let (tell, told) = channel();
        let heard = ctrlc::set_handler(move || {
            // Once nobody listens any more the process is about to end by itself.
            let _ = tell.send(());
        });
        Self(heard.is_ok().then_some(told))
    }

    /// Waits so long for one; whether there was one.
    pub fn wait(&self, longest: Duration) -> bool {
        match self.0.as_ref().map(|told| told.recv_timeout(longest)) {
            Some(Ok(())) => true,
            Some(Err(RecvTimeoutError::Timeout)) => false,
            Some(Err(RecvTimeoutError::Disconnected)) | None => {
                std::thread::sleep(longest);
                false
            }
        }
    }

    /// Whether there was one, without waiting.
    pub fn any(&self) -> bool {
        self.0.as_ref().is_some_and(|told| told.try_recv().is_ok())
    }
}
