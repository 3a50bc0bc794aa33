//! Runs asynchronous work, and reacts to Ctrl-C.

use std::pin::{Pin, pin};

use anyhow::Context as _;

use crate::actions::{ActionError, Context};
use crate::cli::failure::{Code, Failure};
use crate::host::{ignore_sigxfsz, shutdown_signal};

/// Runs asynchronous work. Does not wait for a DNS lookup that hangs.
pub(crate) struct Runtime(Option<tokio::runtime::Runtime>);

impl Runtime {
    pub(crate) fn start() -> Result<Self, Failure> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        Ok(Self(Some(
            runtime.context("cannot start the async runtime")?,
        )))
    }

    /// Runs `work`, which handles Ctrl-C itself.
    ///
    /// Not inlined: otherwise every command would reserve stack for the futures of all commands (140 KiB).
    #[inline(never)]
    pub(crate) fn run<T, W: Future<Output = Result<T, Failure>>>(
        &self,
        work: impl FnOnce() -> W,
    ) -> Result<T, Failure> {
        let mut done = None;
        self.block_on(Box::pin(async { done = Some(work().await) }));
        done.unwrap_or_else(|| Err(Failure::new(Code::Failed, "the async runtime has ended")))
    }

    /// Takes a trait object: the code of a runtime is large, and every type of future would get its own.
    fn block_on(&self, work: Pin<Box<dyn Future<Output = ()> + '_>>) {
        if let Some(runtime) = &self.0 {
            runtime.block_on(async {
                ignore_sigxfsz();
                work.await;
            });
        }
    }

    /// Runs `work` until it completes or Ctrl-C arrives. Critical sections complete first.
    pub(crate) fn run_interruptible<T, W: Future<Output = Result<T, ActionError>>>(
        &self,
        context: &Context,
        work: impl FnOnce() -> W,
    ) -> Result<T, Failure> {
        let done = self.run(|| interruptible(context, work()));
        context.warn_about_clock_skew();
        done
    }
}

impl Drop for Runtime {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

/// As [`Runtime::run_interruptible`], in a runtime of its own.
pub(crate) fn block_on_interruptible<T, W: Future<Output = Result<T, ActionError>>>(
    context: &Context,
    work: impl FnOnce() -> W,
) -> Result<T, Failure> {
    Runtime::start()?.run_interruptible(context, work)
}

/// As [`Runtime::run`], in a runtime of its own.
pub(crate) fn run_to_completion<T, W: Future<Output = Result<T, Failure>>>(
    work: impl FnOnce() -> W,
) -> Result<T, Failure> {
    Runtime::start()?.run(work)
}

/// As [`block_on_interruptible`], inside a runtime.
pub(crate) async fn interruptible<T>(
    context: &Context,
    work: impl Future<Output = Result<T, ActionError>>,
) -> Result<T, Failure> {
    let mut done = None;
    run_until_interrupted(context, pin!(async { done = Some(work.await) })).await;
    match done {
        Some(done) => Ok(done?),
        None => Err(Failure::interrupted()),
    }
}

async fn run_until_interrupted(context: &Context, mut work: Pin<&mut dyn Future<Output = ()>>) {
    tokio::select! {
        () = &mut work => {}
        () = shutdown_signal() => {
            tokio::select! {
                () = context.shutdown_guard.begin_shutdown() => {}
                () = work => {}
            }
        }
    }
}
