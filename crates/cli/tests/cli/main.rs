//! Tests of the binary as a user meets it: arguments and files in, exit code, text and files out.

mod archives;
mod cases;
mod checking;
mod checks;
mod conformance;
mod documents;
mod extract_types;
mod loading;
mod observe;
mod owning;
mod pack_limits;
mod packs;
mod packs_in_use;
mod reliability;
mod remembering;
mod support;
mod telling;
mod watching;
mod writing;
