//! The event loop: receives messages, applies them, draws the model and carries out the effects. The only part of the
//! interface with side effects.

mod dependencies;
mod input;
mod profile_tasks;
mod running_tasks;
mod task_runner;

pub(crate) use dependencies::{Dependencies, EventHandler, ExitReason};

use std::io;
use std::pin::Pin;
use std::time::Duration;

use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::time::{Interval, interval};

use super::model::Model;
use super::msg::{Effect, Msg};
use super::{update, view};
use crate::host::{ContinueSignals, fatal_signal, shutdown_signal};
use crate::ui::Screen;
use running_tasks::RunningTasks;
use task_runner::TaskRequest;

/// More messages wait for the next frame, so that a flood of them does not delay drawing.
const MAX_MESSAGES_PER_FRAME: usize = 256;

pub(super) async fn run(dependencies: &Dependencies, model: &mut Model) -> io::Result<ExitReason> {
    let screen = Screen::enter()?;
    let (send, receive) = mpsc::unbounded_channel();
    input::spawn_reader(send.clone())?;
    let mut events = EventSources {
        receive,
        ticks: interval(Duration::from_secs(1)),
        shutdown: Box::pin(shutdown_requested()),
        continue_signals: ContinueSignals::listen(),
    };
    let mut event_loop = EventLoop {
        dependencies,
        send,
        screen,
        tasks: RunningTasks::default(),
    };
    let result = event_loop.run(model, &mut events).await;
    // Also after an error of the terminal: critical sections are completed.
    event_loop.tasks.cancel_and_wait().await;
    result
}

/// Completes on every signal that ends the process, so that the terminal is restored first.
fn shutdown_requested() -> impl Future<Output = ()> {
    // The signals are installed now, not at the first poll.
    let (shutdown, fatal) = (shutdown_signal(), fatal_signal());
    async {
        tokio::select! {
            () = shutdown => {}
            () = fatal => {}
        }
    }
}

struct EventSources<S> {
    receive: UnboundedReceiver<Msg>,
    ticks: Interval,
    shutdown: Pin<Box<S>>,
    continue_signals: ContinueSignals,
}

struct EventLoop<'a> {
    dependencies: &'a Dependencies,
    send: UnboundedSender<Msg>,
    screen: Screen,
    tasks: RunningTasks<'a>,
}

impl EventLoop<'_> {
    async fn run<S: Future<Output = ()>>(
        &mut self,
        model: &mut Model,
        events: &mut EventSources<S>,
    ) -> io::Result<ExitReason> {
        self.draw(model)?;
        let mut effects = vec![update::verify_credential(model)];
        loop {
            for effect in effects.drain(..) {
                if let Some(reason) = self.apply_effect(effect)? {
                    return Ok(reason);
                }
            }
            self.draw(model)?;
            for msg in self.next_messages(events).await? {
                effects.extend(update::update(model, msg));
            }
        }
    }

    fn draw(&mut self, model: &mut Model) -> io::Result<()> {
        model.now = self.dependencies.clock.now();
        self.screen.draw(|frame| {
            model.size = (frame.area().width, frame.area().height);
            view::draw(frame, model);
        })
    }

    /// Waits for the next event and returns all messages that have arrived.
    async fn next_messages<S: Future<Output = ()>>(
        &mut self,
        events: &mut EventSources<S>,
    ) -> io::Result<Vec<Msg>> {
        let mut messages = Vec::new();
        tokio::select! {
            _count = events.receive.recv_many(&mut messages, MAX_MESSAGES_PER_FRAME) => {}
            () = self.tasks.remove_finished() => {}
            _instant = events.ticks.tick() => {
                messages.push(Msg::Tick(self.dependencies.clock.now()));
            }
            () = &mut events.shutdown => messages.push(Msg::Stop),
            // While the process was stopped, the shell had the terminal.
            () = events.continue_signals.next() => self.screen.reacquire()?,
        }
        Ok(messages)
    }

    /// Carries out an effect. Returns the reason if the interface has to be closed.
    fn apply_effect(&mut self, effect: Effect) -> io::Result<Option<ExitReason>> {
        match effect {
            Effect::Quit(true) => return Ok(Some(ExitReason::Interrupted)),
            Effect::Quit(false) => return Ok(Some(ExitReason::Quit)),
            Effect::Suspend => self.screen.suspend()?,
            Effect::Redraw => self.screen.invalidate()?,
            Effect::Copy(secret) => self.screen.copy(secret.expose())?,
            Effect::Cancel(task) => self.tasks.cancel(task),
            Effect::StartTask(task, profile, kind) => {
                let send = self.send.clone();
                self.tasks.start(
                    self.dependencies,
                    send,
                    TaskRequest {
                        task,
                        profile,
                        kind,
                    },
                );
            }
        }
        Ok(None)
    }
}
