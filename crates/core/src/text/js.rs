//! How JavaScript prints strings, numbers and regular expressions.
