//! Tests of the binary as a user meets it: arguments and files in, exit code, text and files out.

mod cases;
mod checks;
mod conformance;
mod extract_types;
mod loading;
mod observe;
mod support;
mod writing;
