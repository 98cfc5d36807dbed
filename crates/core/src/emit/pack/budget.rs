//! What a rendering may still do.
//!
//! Steps are counted down by whoever has the [`Arena`] of the rendering: the renderer, helpers, and those who answer for data.
//! Only the renderer and helpers ask whether there are any left.

use std::cell::Cell;

use super::value::Arena;

/// Steps until limits other than that of steps are looked at, and the caller is asked whether to stop: some hundred
/// microseconds.
const CHUNK: i64 = 1 << 14;

/// Steps that need no asking. Less than none if more was done.
#[derive(Debug, Default)]
pub(super) struct Fuel(Cell<i64>);

impl Fuel {
    /// Takes `steps`. Says whether all are used up: then it is time for [`Budget::refill`].
    #[inline]
    pub(super) fn take(&self, steps: usize) -> bool {
        let left = self.0.get().saturating_sub_unsigned(steps as u64);
        self.0.set(left);
        left < 0
    }
}

/// What a rendering was allowed and did not take yet.
#[derive(Debug)]
pub(super) struct Budget {
    /// Left besides the fuel.
    steps: u64,
    limit: u64,
}

/// There are no more steps: what to tell.
#[derive(Debug)]
pub(super) struct NoSteps(pub(super) String);

impl Budget {
    pub(super) fn new(limit: u64) -> Budget {
        Budget { steps: limit, limit }
    }

    /// Fills up the fuel.
    ///
    /// # Errors
    /// If there are no more steps.
    #[cold]
    pub(super) fn refill(&mut self, Fuel(fuel): &Fuel) -> Result<(), NoSteps> {
        let wanted = CHUNK.saturating_sub(fuel.get()) as u64;
        if self.steps < wanted - CHUNK as u64 || self.steps == 0 {
            return Err(NoSteps(format!("the template does more than {} steps", self.limit)));
        }
        let granted = wanted.min(self.steps);
        self.steps -= granted;
        fuel.set(fuel.get() + granted as i64);
        Ok(())
    }

    /// Takes `steps`, for work whose caller looks at everything else.
    ///
    /// # Errors
    /// If there are no more steps.
    #[inline]
    pub(super) fn spend(&mut self, arena: &Arena, steps: usize) -> Result<(), NoSteps> {
        if arena.fuel().take(steps) { self.refill(arena.fuel()) } else { Ok(()) }
    }

    /// How many steps were taken.
    pub(super) fn spent(&self, Fuel(fuel): &Fuel) -> u64 {
        (self.limit - self.steps).saturating_add_signed(fuel.get().saturating_neg())
    }
}
