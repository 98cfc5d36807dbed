//! Charts as SVG. Coordinates are in a box that is [`WIDTH`] wide and scales with the page; colours are those of phases.

use std::fmt::Write as _;

use super::figures::Figures;
use super::human;
use super::phase::PHASES;

const WIDTH: f64 = 1000.0;

/// A line of a bar chart.
pub(super) struct Bar {
    pub(super) name: String,
    pub(super) value: f64,
    /// A part of the value to be told apart.
    pub(super) inner: Option<f64>,
    /// What the value is, for people.
    pub(super) text: String,
    /// The number of a phase.
    pub(super) colour: usize,
}

/// Horizontal bars with their names at the left and their values behind them; nothing for no bars.
pub(super) fn bars(rows: &[Bar]) -> String {
    const NAME: f64 = 250.0;
    const VALUE: f64 = 180.0;
    const ROW: f64 = 28.0;
    let most = rows.iter().map(|row| row.value).fold(0.0, f64::max);
    if most <= 0.0 {
        return String::new();
    }
    let mut out = svg(rows.len() as f64 * ROW);
    for (index, row) in rows.iter().enumerate() {
        let y = index as f64 * ROW;
        let width = |value: f64| (value / most * (WIDTH - NAME - VALUE)).max(1.0);
        let name = escape(&row.name);
        let _ = writeln!(
            out,
            "<text x=\"{:.0}\" y=\"{:.0}\" text-anchor=\"end\">{}<title>{name}</title></text>",
            NAME - 10.0,
            y + 18.0,
            escape(&shortened(&row.name, 34)),
        );
        rectangle(&mut out, (NAME, y + 4.0), (width(row.value), ROW - 8.0), row.colour, inner_opacity(row), &row.text);
        if let Some(inner) = row.inner.filter(|inner| *inner > 0.0) {
            rectangle(&mut out, (NAME, y + 4.0), (width(inner), ROW - 8.0), row.colour, 1.0, &row.text);
        }
        let _ = writeln!(
            out,
            "<text x=\"{:.1}\" y=\"{:.0}\" class=\"soft\">{}</text>",
            NAME + width(row.value) + 8.0,
            y + 18.0,
            escape(&row.text)
        );
    }
    out + "</svg>\n"
}

fn inner_opacity(row: &Bar) -> f64 {
    if row.inner.is_some() { 0.4 } else { 1.0 }
}

/// Memory along the run, the phases behind it; nothing if memory is not known.
pub(super) fn memory(figures: &Figures) -> String {
    const HEIGHT: f64 = 240.0;
    const LEFT: f64 = 70.0;
    const TOP: f64 = 24.0;
    const BOTTOM: f64 = 26.0;
    let run = &figures.run;
    let Some(peak) = run.samples.iter().map(|(_, used)| *used).chain(figures.peak).max().filter(|peak| *peak > 0) else {
        return String::new();
    };
    let top = round_up(peak.max(figures.limit.filter(|limit| *limit < peak * 2).unwrap_or(0)));
    let x = time_scale(figures, LEFT);
    let y = |used: u64| TOP + (1.0 - used as f64 / top as f64) * (HEIGHT - TOP - BOTTOM);
    let mut out = svg(HEIGHT);
    phases(&mut out, figures, &x, (TOP, HEIGHT - TOP - BOTTOM));
    for step in 0..=4 {
        let used = top / 4 * step;
        let _ = writeln!(
            out,
            "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{WIDTH}\" y1=\"{0:.1}\" y2=\"{0:.1}\"/>\
             <text class=\"soft\" x=\"{1:.0}\" y=\"{2:.1}\" text-anchor=\"end\">{3}</text>",
            y(used),
            LEFT - 8.0,
            y(used) + 4.0,
            human::bytes(used),
        );
    }
    let mut samples = run.samples.clone();
    samples.sort_unstable();
    let points: String = samples.iter().map(|&(at, used)| format!(" {:.1},{:.1}", x(at), y(used))).collect();
    if let (Some(&(first, _)), Some(&(last, _))) = (samples.first(), samples.last()) {
        let _ = writeln!(
            out,
            "<polygon points=\"{:.1},{:.1}{points} {:.1},{:.1}\" fill=\"var(--c1)\" fill-opacity=\"0.25\"/>\
             <polyline points=\"{}\" fill=\"none\" stroke=\"var(--c1)\" stroke-width=\"2\"/>",
            x(first),
            y(0),
            x(last),
            y(0),
            points.trim(),
        );
    }
    for (value, name, dash) in [(figures.peak, "peak", "2 4"), (figures.limit.filter(|limit| *limit <= top), "limit", "6 3")] {
        let Some(value) = value else { continue };
        let _ = writeln!(
            out,
            "<line x1=\"{LEFT}\" x2=\"{WIDTH}\" y1=\"{0:.1}\" y2=\"{0:.1}\" stroke=\"var(--c5)\" stroke-dasharray=\"{dash}\"/>\
             <text class=\"soft\" x=\"{1}\" y=\"{2:.1}\" text-anchor=\"end\">{name} {3}</text>",
            y(value),
            WIDTH - 4.0,
            y(value) + 15.0,
            human::bytes(value),
        );
    }
    time_axis(&mut out, figures, &x, HEIGHT - 6.0);
    out + "</svg>\n"
}

/// What each thread did; nothing if it is not known.
pub(super) fn lanes(figures: &Figures) -> String {
    const LEFT: f64 = 110.0;
    const LANE: f64 = 30.0;
    /// Narrower ones cannot be seen, and there may be very many.
    const NARROW: f64 = 0.15;
    let run = &figures.run;
    if run.spans.is_empty() {
        return String::new();
    }
    let workers = run.spans.iter().map(|span| span.worker + 1).max().unwrap_or(1);
    let x = time_scale(figures, LEFT);
    let height = f64::from(workers) * LANE + 46.0;
    let mut out = svg(height);
    phases(&mut out, figures, &x, (24.0, height - 46.0));
    for worker in 0..workers {
        let y = 24.0 + f64::from(worker) * LANE;
        let name = if worker == 0 { "main thread".to_owned() } else { format!("thread {worker}") };
        let _ = writeln!(out, "<text x=\"{:.0}\" y=\"{:.0}\" text-anchor=\"end\">{name}</text>", LEFT - 10.0, y + 20.0);
        let mut spans: Vec<_> = run.spans.iter().filter(|span| span.worker == worker).collect();
        // Spans lie within others: the outer ones first.
        spans.sort_by_key(|span| (span.start, std::cmp::Reverse(span.end)));
        for span in spans {
            let width = x(span.end) - x(span.start);
            if width >= NARROW {
                let size = if span.bytes > 0 { format!(", {}", human::bytes(span.bytes)) } else { String::new() };
                let text = format!("{} {}: {}{size}", span.kind.name(), span.name, human::time(span.end - span.start));
                let (position, size) = ((x(span.start), y + 5.0), ((width - 0.4).max(0.4), LANE - 10.0));
                rectangle(&mut out, position, size, span.phase as usize, 0.75, &text);
            }
        }
    }
    time_axis(&mut out, figures, &x, height - 6.0);
    out + "</svg>\n"
}

/// Bands of phases from the height `top` on, with their names above where there is room.
fn phases(out: &mut String, figures: &Figures, x: &impl Fn(u64) -> f64, (top, height): (f64, f64)) {
    for interval in &figures.run.intervals {
        let (start, width) = (x(interval.start), x(interval.end) - x(interval.start));
        let name = interval.phase.name();
        let text = format!("{name}: {}", human::time(interval.end - interval.start));
        rectangle(out, (start, top), (width, height), interval.phase as usize, 0.16, &text);
        if width > name.len() as f64 * 8.0 {
            let _ = writeln!(
                out,
                "<text class=\"soft\" x=\"{:.1}\" y=\"{:.0}\" text-anchor=\"middle\">{name}</text>",
                start + width / 2.0,
                top - 8.0
            );
        }
    }
}

fn time_axis(out: &mut String, figures: &Figures, x: &impl Fn(u64) -> f64, y: f64) {
    const STEPS: u64 = 5;
    for step in 0..=STEPS {
        let time = figures.total / STEPS * step;
        let anchor = if step == STEPS { "end" } else { "middle" };
        let _ = writeln!(
            out,
            "<text class=\"soft\" x=\"{:.1}\" y=\"{y:.0}\" text-anchor=\"{anchor}\">{}</text>",
            x(figures.run.began + time),
            human::time(time)
        );
    }
}

/// Where a time is between `left` and the right border.
fn time_scale(figures: &Figures, left: f64) -> impl Fn(u64) -> f64 + use<> {
    let (began, total) = (figures.run.began, figures.total.max(1));
    move |at| left + at.saturating_sub(began) as f64 / total as f64 * (WIDTH - left)
}

/// The next number that a scale of four steps is easy to read with.
fn round_up(number: u64) -> u64 {
    let power = 10_u64.pow(number.max(1).ilog10());
    [1, 2, 4, 6, 8, 10].iter().map(|digit| digit * power).find(|round| *round >= number).unwrap_or(number)
}

fn svg(height: f64) -> String {
    format!("<svg viewBox=\"0 0 {WIDTH} {height:.0}\" role=\"img\">\n")
}

fn rectangle(out: &mut String, (x, y): (f64, f64), (width, height): (f64, f64), colour: usize, opacity: f64, text: &str) {
    debug_assert!(colour < PHASES.len());
    let _ = writeln!(
        out,
        "<rect x=\"{x:.2}\" y=\"{y:.1}\" width=\"{width:.2}\" height=\"{height:.1}\" rx=\"1\" fill=\"var(--c{colour})\" \
         fill-opacity=\"{opacity}\"><title>{}</title></rect>",
        escape(text)
    );
}

/// The last `most` characters of a text that is longer, as paths differ at their end.
fn shortened(text: &str, most: usize) -> String {
    let length = text.chars().count();
    if length <= most { text.to_owned() } else { format!("…{}", text.chars().skip(length - most + 1).collect::<String>()) }
}

/// `text` as it stands in HTML.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            char => out.push(char),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_are_round() {
        let rounded = [(1, 1), (3, 4), (61, 80), (81, 100), (637_408_000, 800_000_000)];
        rounded.iter().for_each(|&(number, round)| assert_eq!(round_up(number), round));
    }

    #[test]
    fn names_cannot_break_out_of_the_page() {
        let bar = Bar { name: "<b>\"&".to_owned(), value: 1.0, inner: None, text: "<i>".to_owned(), colour: 1 };
        let chart = bars(&[bar]);
        assert!(chart.contains("&lt;b&gt;&quot;&amp;") && !chart.contains("<b>") && !chart.contains("<i>"), "{chart}");
        assert_eq!(bars(&[]), "");
        assert_eq!(shortened("src/generated/ast.ts", 8), "…/ast.ts");
    }
}
