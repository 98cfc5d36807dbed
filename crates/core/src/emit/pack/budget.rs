//! What a rendering may still do.

/// Steps until limits other than that of steps are looked at, and the caller is asked whether to stop: some hundred
/// microseconds.
const CHUNK: i64 = 1 << 14;

/// Counts steps down. Asking is one subtraction.
#[derive(Debug)]
pub(super) struct Budget {
    /// Left of the chunk.
    fuel: i64,
    /// Left besides.
    steps: u64,
    limit: u64,
}

impl Budget {
    pub(super) fn new(limit: u64) -> Budget {
        Budget { fuel: 0, steps: limit, limit }
    }

    /// Takes `steps`. Says whether the chunk is used up: then it is time for [`Budget::refill`].
    #[inline]
    pub(super) fn take(&mut self, steps: usize) -> bool {
        self.fuel -= steps as i64;
        self.fuel < 0
    }

    /// Starts a new chunk.
    ///
    /// # Errors
    /// A message, if there are no more steps.
    #[cold]
    pub(super) fn refill(&mut self) -> Result<(), String> {
        let wanted = (CHUNK - self.fuel) as u64;
        if self.steps < wanted - CHUNK as u64 || self.steps == 0 {
            return Err(format!("the template does more than {} steps", self.limit));
        }
        let granted = wanted.min(self.steps);
        self.steps -= granted;
        self.fuel += granted as i64;
        Ok(())
    }

    /// Takes `steps`, for work whose caller looks at everything else.
    ///
    /// # Errors
    /// A message, if there are no more steps.
    pub(super) fn spend(&mut self, steps: usize) -> Result<(), String> {
        if self.take(steps) { self.refill() } else { Ok(()) }
    }
}
