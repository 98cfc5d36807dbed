//! Why something could not be read or written.

/// What to tell the user.
#[derive(Clone, Debug)]
pub struct Error {
    /// What went wrong, with the path and the system's own words.
    pub message: String,
    /// What to do, or what became of the files.
    pub hint: Option<String>,
}

impl Error {
    pub(crate) fn new(message: String, hint: Option<String>) -> Error {
        Error { message, hint }
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
