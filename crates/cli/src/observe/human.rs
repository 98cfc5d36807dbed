//! Sizes and times as people read them.

/// `39.4 MB`: decimal units, three digits.
pub(super) fn bytes(bytes: u64) -> String {
    let units = ["kB", "MB", "GB", "TB"];
    if bytes < 1000 {
        return format!("{bytes} B");
    }
    let mut value = bytes as f64;
    let mut unit = "B";
    for next in units {
        // 999.5 would be shown as 1000.
        if value < 999.5 {
            break;
        }
        (value, unit) = (value / 1000.0, next);
    }
    format!("{} {unit}", three_digits(value))
}

/// `+12.3 MB` or `-4.5 MB`.
pub(super) fn change(before: u64, after: u64) -> String {
    let sign = if after < before { '-' } else { '+' };
    format!("{sign}{}", bytes(after.abs_diff(before)))
}

/// `1.23 s` or `12.3 ms`, from nanoseconds.
pub(super) fn time(nanoseconds: u64) -> String {
    let seconds = nanoseconds as f64 / 1e9;
    if seconds < 0.9995 { format!("{} ms", three_digits(seconds * 1e3)) } else { format!("{} s", three_digits(seconds)) }
}

/// `3 s`, `2 min 10 s`, `1 h 5 min`: for times that are guessed.
pub(super) fn rough_time(nanoseconds: u64) -> String {
    let seconds = nanoseconds.div_ceil(1_000_000_000);
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}

/// `1 file`, `2 files`.
pub(super) fn count(number: u64, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// `43 %` of the whole; no part of nothing.
pub(super) fn percent(part: u64, whole: u64) -> u64 {
    if whole == 0 { 0 } else { (part as f64 / whole as f64 * 100.0).round() as u64 }
}

fn three_digits(value: f64) -> String {
    match value {
        value if value < 9.995 => format!("{value:.2}"),
        value if value < 99.95 => format!("{value:.1}"),
        value => format!("{value:.0}"),
    }
}

/// Reads `300M`, `1.5G`, `64MiB` or a number of bytes.
pub(crate) fn parse_size(text: &str) -> Result<u64, String> {
    let text = text.trim();
    let digits = text.find(|char: char| !char.is_ascii_digit() && char != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let unit = unit.trim().to_ascii_lowercase();
    let unit = unit.strip_suffix('b').unwrap_or(&unit);
    let (letter, base) = match unit.strip_suffix('i') {
        Some(letter) => (letter, 1024.0_f64),
        None => (unit, 1000.0),
    };
    let power = ["", "k", "m", "g", "t"].iter().position(|unit| *unit == letter);
    match (number.parse::<f64>(), power) {
        (Ok(number), Some(power)) if number > 0.0 && !(power == 0 && base > 1000.0) => {
            Ok((number * base.powi(power as i32)) as u64)
        }
        _ => Err("expected a size such as 300M, 1.5G or 512MiB".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_times() {
        let sizes = [(0, "0 B"), (999, "999 B"), (1000, "1.00 kB"), (9_995, "10.0 kB"), (39_423_269, "39.4 MB")];
        sizes.iter().for_each(|&(number, text)| assert_eq!(bytes(number), text));
        assert_eq!(bytes(999_600), "1.00 MB");
        assert_eq!((&*change(5_000_000, 2_000_000), &*change(0, 0)), ("-3.00 MB", "+0 B"));
        let times = [(0, "0.00 ms"), (1_234_567, "1.23 ms"), (999_600_000, "1.00 s"), (12_345_000_000, "12.3 s")];
        times.iter().for_each(|&(number, text)| assert_eq!(time(number), text));
        let rough = [(1, "1 s"), (59_000_000_001, "1 min 0 s"), (3_900_000_000_000, "1 h 5 min")];
        rough.iter().for_each(|&(number, text)| assert_eq!(rough_time(number), text));
    }

    #[test]
    fn sizes_are_read() {
        for (text, size) in [
            ("300M", 300_000_000),
            ("1.5g", 1_500_000_000),
            ("64MiB", 64 << 20),
            ("2 GB", 2_000_000_000),
            ("4096", 4096),
            ("10kb", 10_000),
        ] {
            assert_eq!(parse_size(text), Ok(size), "{text}");
        }
        for text in ["", "M", "-1M", "0", "1X", "1iB", "1.2.3M", "inf", "nan"] {
            assert!(parse_size(text).is_err(), "{text}");
        }
    }
}
