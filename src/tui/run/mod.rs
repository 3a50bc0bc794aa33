//! The loop: what happens is taken in, the picture is drawn, what is to be done is done. The only part of this room that
//! touches the world.

mod input;
mod tasks;

use std::io;
use std::pin::Pin;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::future::LocalBoxFuture;
use futures_util::stream::FuturesUnordered;
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::sync::watch;
use tokio::time::{Interval, interval};

use super::model::Model;
use super::msg::{Effect, Msg, TaskId};
use super::{Dependencies, ExitReason};
use super::{update, view};
use crate::host::{ContinueSignals, fatal_signal, shutdown_signal};
use crate::ui::Screen;

/// At most this many messages go into one picture: then it is time to see something.
const MAX_MESSAGES_PER_FRAME: usize = 256;

/// What runs, and how to stop it.
struct RunningTasks<'a> {
    tasks: FuturesUnordered<LocalBoxFuture<'a, TaskId>>,
    cancel_senders: Vec<(TaskId, watch::Sender<bool>)>,
}

/// Runs until the user is done.
pub(super) async fn run(given: &Dependencies, model: &mut Model) -> io::Result<ExitReason> {
    let mut screen = Screen::enter()?;
    let (send, receive) = mpsc::unbounded_channel();
    input::spawn_reader(send.clone())?;
    let mut sources = EventSources {
        receive,
        ticks: interval(Duration::from_secs(1)),
        shutdown: Box::pin(shutdown_requested()),
        continue_signals: ContinueSignals::listen(),
    };
    let mut underway = RunningTasks {
        tasks: FuturesUnordered::new(),
        cancel_senders: Vec::new(),
    };
    let ended = run_loop(
        (given, &send),
        model,
        (&mut screen, &mut sources, &mut underway),
    )
    .await;
    // Also where the terminal is gone: what must not be torn apart is finished.
    underway.cancel_and_wait().await;
    ended
}

/// Ready at any signal that ends a program: the terminal is given back first.
fn shutdown_requested() -> impl Future<Output = ()> {
    let (told, ended) = (shutdown_signal(), fatal_signal());
    async {
        tokio::select! {
            () = told => {}
            () = ended => {}
        }
    }
}

/// Takes in, draws, does, over and over.
async fn run_loop<'a, S: Future<Output = ()>>(
    (given, send): (&'a Dependencies, &UnboundedSender<Msg>),
    model: &mut Model,
    (screen, sources, underway): (&mut Screen, &mut EventSources<S>, &mut RunningTasks<'a>),
) -> io::Result<ExitReason> {
    draw(screen, given, model)?;
    let mut effects = update::start(model);
    loop {
        for effect in effects.drain(..) {
            if let Some(ended) = apply_effect(effect, (given, send), screen, underway)? {
                return Ok(ended);
            }
        }
        draw(screen, given, model)?;
        for msg in sources.next(given, underway, screen).await? {
            effects.extend(update::update(model, msg));
        }
    }
}

/// Draws what there is now.
fn draw(screen: &mut Screen, given: &Dependencies, model: &mut Model) -> io::Result<()> {
    model.now = given.clock.now();
    screen.draw(|frame| {
        model.size = (frame.area().width, frame.area().height);
        view::draw(frame, model);
    })
}

/// Where things happen.
struct EventSources<S> {
    receive: UnboundedReceiver<Msg>,
    ticks: Interval,
    shutdown: Pin<Box<S>>,
    continue_signals: ContinueSignals,
}

impl<S: Future<Output = ()>> EventSources<S> {
    /// What happened since the last picture; waits until something does.
    async fn next(
        &mut self,
        given: &Dependencies,
        underway: &mut RunningTasks<'_>,
        screen: &mut Screen,
    ) -> io::Result<Vec<Msg>> {
        let mut messages = Vec::new();
        tokio::select! {
            _count = self.receive.recv_many(&mut messages, MAX_MESSAGES_PER_FRAME) => {}
            Some(task) = underway.tasks.next() => underway.cancel_senders.retain(|(it, _)| *it != task),
            _moment = self.ticks.tick() => messages.push(Msg::Tick(given.clock.now())),
            () = &mut self.shutdown => messages.push(Msg::Stop),
            // The user's shell had the terminal meanwhile.
            () = self.continue_signals.next() => screen.reacquire()?,
        }
        Ok(messages)
    }
}

/// Does what is to be done; how it ended, if it did.
fn apply_effect<'a>(
    effect: Effect,
    (given, send): (&'a Dependencies, &UnboundedSender<Msg>),
    screen: &mut Screen,
    underway: &mut RunningTasks<'a>,
) -> io::Result<Option<ExitReason>> {
    match effect {
        Effect::Quit(true) => return Ok(Some(ExitReason::Interrupted)),
        Effect::Quit(false) => return Ok(Some(ExitReason::Quit)),
        Effect::Suspend => screen.suspend()?,
        Effect::Redraw => screen.invalidate()?,
        Effect::Copy(secret) => screen.copy(secret.expose())?,
        Effect::Cancel(task) => underway.cancel(task),
        Effect::StartTask(task, profile, what) => {
            let (stop, stopped) = watch::channel(false);
            underway.cancel_senders.push((task, stop));
            let work = tasks::run(given, send.clone(), (task, profile, what), stopped);
            underway.tasks.push(Box::pin(async move {
                work.await;
                task
            }));
        }
    }
    Ok(None)
}

impl RunningTasks<'_> {
    fn cancel(&mut self, task: TaskId) {
        for (_, stop) in self.cancel_senders.iter().filter(|(it, _)| *it == task) {
            stop.send_replace(true);
        }
    }

    /// Stops everything; what must not be torn apart is finished first.
    async fn cancel_and_wait(&mut self) {
        for (_, stop) in &self.cancel_senders {
            stop.send_replace(true);
        }
        while self.tasks.next().await.is_some() {}
    }
}
