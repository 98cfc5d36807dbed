//! Whether those who may read a file may run it, where there is such a thing.

use std::fs::{File, Permissions};
use std::io;

/// Whether those who may read a file may run it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MayRun {
    /// As the system makes new files; one that is there stays as it is.
    AsItIs,
    /// If it is new; one that is there stays as it is.
    IfNew,
    /// Whatever it was.
    Yes,
    /// Whatever it was.
    No,
}

impl MayRun {
    /// What a new file needs, which now has `permissions`; none if these are right.
    pub(super) fn of_new(self, file: &File) -> io::Result<Option<Permissions>> {
        match self {
            MayRun::AsItIs | MayRun::No => Ok(None),
            MayRun::IfNew | MayRun::Yes => Ok(changed(&file.metadata()?.permissions(), true)),
        }
    }

    /// What a file that has `permissions` needs; none if these are right.
    pub(super) fn of_old(self, permissions: &Permissions) -> Option<Permissions> {
        match self {
            MayRun::AsItIs | MayRun::IfNew => None,
            MayRun::Yes => changed(permissions, true),
            MayRun::No => changed(permissions, false),
        }
    }
}

#[cfg(unix)]
fn changed(permissions: &Permissions, may_run: bool) -> Option<Permissions> {
    use std::os::unix::fs::PermissionsExt;
    let mode = permissions.mode();
    // The owner's bit is the one that counts: who took it from others only, keeps it so.
    if (mode & 0o100 != 0) == may_run {
        return None;
    }
    let mode = if may_run { mode | (mode & 0o444) >> 2 } else { mode & !0o111 };
    Some(Permissions::from_mode(mode))
}

/// Elsewhere names tell what is a program.
#[cfg(not(unix))]
fn changed(_: &Permissions, _: bool) -> Option<Permissions> {
    None
}
