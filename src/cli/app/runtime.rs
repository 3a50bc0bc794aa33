//! Runs asynchronous work, and reacts to Ctrl-C.

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
        let Some(runtime) = &self.0 else {
            return Err(Failure::new(Code::Failed, "the async runtime has ended"));
        };
        runtime.block_on(async {
            ignore_sigxfsz();
            work().await
        })
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
    let mut work = std::pin::pin!(work);
    tokio::select! {
        done = &mut work => Ok(done?),
        () = shutdown_signal() => {
            tokio::select! {
                () = context.shutdown_guard.begin_shutdown() => Err(Failure::interrupted()),
                done = &mut work => Ok(done?),
            }
        }
    }
}
