//! Charts as SVG. Colours are classes `c0` to `c9`, given by the page, so that a chart follows its light or dark theme.

use std::fmt::Write;

/// Lines over one another.
pub(super) struct Lines<'a> {
    /// What it shows, for those who cannot see it.
    pub(super) title: &'a str,
    pub(super) x: Axis<'a>,
    pub(super) y: Axis<'a>,
    pub(super) series: Vec<Series>,
    /// Values of y with a name, drawn across.
    pub(super) limits: Vec<(f64, String)>,
}

/// A direction of a chart.
pub(super) struct Axis<'a> {
    pub(super) label: &'a str,
    pub(super) scale: Scale<'a>,
    pub(super) format: fn(f64) -> String,
}

/// How values lie on an axis.
pub(super) enum Scale<'a> {
    /// Powers of ten have one distance.
    Log,
    /// From zero to the largest.
    Linear,
    /// 0, 1, 2, ... with these names.
    Names(&'a [String]),
}

/// One line.
pub(super) struct Series {
    pub(super) name: String,
    /// The number of its colour.
    pub(super) color: usize,
    pub(super) is_dashed: bool,
    pub(super) points: Vec<Point>,
}

/// A point of a line.
pub(super) struct Point {
    pub(super) x: f64,
    pub(super) y: f64,
    /// The lowest and the highest value of repeated measurements, if they are to be seen.
    pub(super) spread: Option<(f64, f64)>,
    /// What is shown to those who point at it.
    pub(super) hint: String,
}

const WIDTH: f64 = 600.0;
const HEIGHT: f64 = 340.0;
const LEFT: f64 = 66.0;
const RIGHT: f64 = 106.0;
const TOP: f64 = 14.0;
const BOTTOM: f64 = 46.0;

/// Values to lengths, along one axis.
struct Range {
    low: f64,
    high: f64,
    is_log: bool,
    from: f64,
    to: f64,
}

impl Range {
    fn new(values: impl Iterator<Item = f64>, scale: &Scale<'_>, from: f64, to: f64) -> Range {
        let (mut low, mut high) = (f64::MAX, f64::MIN);
        values.for_each(|value| (low, high) = (low.min(value), high.max(value)));
        let is_log = matches!(scale, Scale::Log);
        match scale {
            Scale::Log => (low, high) = (low.log10().floor(), high.log10().ceil().max(low.log10().floor() + 1.0)),
            Scale::Linear => (low, high) = (0.0, nice_above(high)),
            Scale::Names(names) => (low, high) = (-0.25, names.len() as f64 - 0.75),
        }
        Range { low, high, is_log, from, to }
    }

    fn at(&self, value: f64) -> f64 {
        let value = if self.is_log { value.log10() } else { value };
        self.from + (value - self.low) / (self.high - self.low) * (self.to - self.from)
    }

    /// Where the axis has a line and a text.
    fn ticks(&self) -> Vec<f64> {
        if !self.is_log {
            return (0..=4).map(|step| self.high * f64::from(step) / 4.0).collect();
        }
        let decades = self.high - self.low;
        let step = if decades > 6.0 { 2 } else { 1 };
        (self.low as i32..=self.high as i32).step_by(step).map(|exponent| 10f64.powi(exponent)).collect()
    }
}

/// The smallest of 1, 2, 4 and 8 times a power of ten that is not below `value`: quarters of them are short.
fn nice_above(value: f64) -> f64 {
    let power = 10f64.powf(value.max(f64::MIN_POSITIVE).log10().floor());
    let found = [1.0, 2.0, 4.0, 8.0].iter().map(|step| step * power).find(|nice| *nice >= value * 0.999);
    found.unwrap_or(10.0 * power)
}

impl Lines<'_> {
    /// The chart, or nothing if there is no point.
    pub(super) fn draw(&self) -> String {
        let points = || self.series.iter().flat_map(|series| &series.points);
        if points().next().is_none() {
            return String::new();
        }
        let limits = self.limits.iter().map(|(value, _)| *value);
        let spreads = points().filter_map(|point| point.spread).flat_map(|(low, high)| [low, high]);
        let x = Range::new(points().map(|point| point.x), &self.x.scale, LEFT, WIDTH - RIGHT);
        let y = Range::new(points().map(|point| point.y).chain(limits).chain(spreads), &self.y.scale, HEIGHT - BOTTOM, TOP);
        let mut svg = open(self.title, HEIGHT);
        self.draw_grid(&mut svg, &x, &y);
        for (value, name) in &self.limits {
            let at = y.at(*value);
            let _ = write!(svg, "<line class=\"limit\" x1=\"{LEFT}\" x2=\"{:.1}\" y1=\"{at:.1}\" y2=\"{at:.1}\"/>", x.to);
            let _ = write!(svg, "<text class=\"limit\" x=\"{:.1}\" y=\"{:.1}\">{}</text>", LEFT + 6.0, at - 5.0, escaped(name));
        }
        self.series.iter().for_each(|series| draw_series(&mut svg, series, &x, &y));
        self.draw_names(&mut svg, &x, &y);
        svg.push_str("</svg>");
        svg
    }

    fn draw_grid(&self, svg: &mut String, x: &Range, y: &Range) {
        for value in y.ticks() {
            let (at, text) = (y.at(value), round((self.y.format)(value)));
            let _ = write!(svg, "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{:.1}\" y1=\"{at:.1}\" y2=\"{at:.1}\"/>", x.to);
            let _ = write!(svg, "<text class=\"end\" x=\"{:.1}\" y=\"{:.1}\">{text}</text>", LEFT - 8.0, at + 4.0);
        }
        let ticks: Vec<(f64, String)> = match self.x.scale {
            Scale::Names(names) => (0..).map(f64::from).zip(names.iter().map(|name| escaped(name))).collect(),
            Scale::Log | Scale::Linear => x.ticks().into_iter().map(|value| (value, round((self.x.format)(value)))).collect(),
        };
        for (value, text) in ticks {
            let at = x.at(value);
            let _ = write!(svg, "<line class=\"grid\" x1=\"{at:.1}\" x2=\"{at:.1}\" y1=\"{TOP}\" y2=\"{:.1}\"/>", y.from);
            let _ = write!(svg, "<text class=\"middle\" x=\"{at:.1}\" y=\"{:.1}\">{text}</text>", y.from + 18.0);
        }
        let middle = f64::midpoint(x.from, x.to);
        let _ = write!(
            svg,
            "<text class=\"middle axis\" x=\"{middle:.1}\" y=\"{:.1}\">{}</text>",
            HEIGHT - 6.0,
            escaped(self.x.label)
        );
    }

    /// The name of each line at its end, moved apart where they would lie on one another.
    fn draw_names(&self, svg: &mut String, x: &Range, y: &Range) {
        let mut names: Vec<(f64, f64, &Series)> = self
            .series
            .iter()
            .filter_map(|series| series.points.last().map(|last| (y.at(last.y), x.at(last.x), series)))
            .collect();
        names.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut lowest = f64::MIN;
        for (at, end, series) in names {
            let at = at.max(lowest + 15.0);
            lowest = at;
            let _ = write!(
                svg,
                "<text class=\"name c{}\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
                series.color,
                end + 9.0,
                at + 4.0,
                escaped(&series.name)
            );
        }
    }
}

fn draw_series(svg: &mut String, series: &Series, x: &Range, y: &Range) {
    let color = series.color;
    let dashes = if series.is_dashed { " dashed" } else { "" };
    let path: Vec<String> = series.points.iter().map(|point| format!("{:.1},{:.1}", x.at(point.x), y.at(point.y))).collect();
    let _ = write!(svg, "<polyline class=\"line c{color}{dashes}\" points=\"{}\"/>", path.join(" "));
    for point in &series.points {
        let (left, top) = (x.at(point.x), y.at(point.y));
        if let Some((low, high)) = point.spread {
            let (low, high) = (y.at(low), y.at(high));
            let _ = write!(
                svg,
                "<line class=\"spread c{color}\" x1=\"{left:.1}\" x2=\"{left:.1}\" y1=\"{low:.1}\" y2=\"{high:.1}\"/>"
            );
        }
        let hint = escaped(&point.hint);
        let _ =
            write!(svg, "<circle class=\"dot c{color}\" cx=\"{left:.1}\" cy=\"{top:.1}\" r=\"4\"><title>{hint}</title></circle>");
    }
}

/// Bars from the left, each of parts one after the other.
pub(super) struct Bars<'a> {
    pub(super) title: &'a str,
    pub(super) label: &'a str,
    pub(super) format: fn(f64) -> String,
    pub(super) bars: Vec<Bar>,
}

/// One bar.
pub(super) struct Bar {
    pub(super) name: String,
    pub(super) parts: Vec<Part>,
    /// What stands at its end.
    pub(super) note: String,
}

/// A part of a bar.
pub(super) struct Part {
    pub(super) value: f64,
    pub(super) color: usize,
    pub(super) hint: String,
}

const BAR: f64 = 22.0;
const GAP: f64 = 10.0;
const NAMES: f64 = 128.0;
const NOTES: f64 = 116.0;

impl Bars<'_> {
    /// The chart, or nothing if there is no bar.
    pub(super) fn draw(&self) -> String {
        let lengths = self.bars.iter().map(|bar| bar.parts.iter().map(|part| part.value).sum::<f64>());
        let longest = lengths.fold(0.0, f64::max);
        if longest == 0.0 {
            return String::new();
        }
        let bottom = TOP + self.bars.len() as f64 * (BAR + GAP);
        let scale = (WIDTH - NAMES - NOTES) / longest;
        let mut svg = open(self.title, bottom + BOTTOM - 6.0);
        // As many lines as fit in whole steps.
        let step = nice_above(longest) / 4.0;
        for value in (0..=4).map(|count| step * f64::from(count)).filter(|value| *value <= longest * 1.001) {
            let at = NAMES + value * scale;
            let _ = write!(svg, "<line class=\"grid\" x1=\"{at:.1}\" x2=\"{at:.1}\" y1=\"{TOP}\" y2=\"{bottom:.1}\"/>");
            let text = round((self.format)(value));
            let _ = write!(svg, "<text class=\"middle\" x=\"{at:.1}\" y=\"{:.1}\">{text}</text>", bottom + 16.0);
        }
        for (index, bar) in self.bars.iter().enumerate() {
            let top = TOP + index as f64 * (BAR + GAP) + GAP / 2.0;
            let middle = top + BAR / 2.0 + 4.0;
            let _ = write!(svg, "<text class=\"end\" x=\"{:.1}\" y=\"{middle:.1}\">{}</text>", NAMES - 8.0, escaped(&bar.name));
            let mut left = NAMES;
            for Part { value, color, hint } in &bar.parts {
                let width = value * scale;
                let _ = write!(
                    svg,
                    "<rect class=\"bar c{color}\" x=\"{left:.1}\" y=\"{top:.1}\" width=\"{:.1}\" height=\"{BAR}\"><title>{}</title></rect>",
                    width.max(1.0),
                    escaped(hint)
                );
                left += width;
            }
            let _ = write!(svg, "<text class=\"note\" x=\"{:.1}\" y=\"{middle:.1}\">{}</text>", left + 7.0, escaped(&bar.note));
        }
        let center = f64::midpoint(NAMES, WIDTH - NOTES);
        let _ = write!(
            svg,
            "<text class=\"middle axis\" x=\"{center:.1}\" y=\"{:.1}\">{}</text>",
            bottom + 36.0,
            escaped(self.label)
        );
        svg.push_str("</svg>");
        svg
    }
}

/// Values of axes are round: `10.0 s` is `10 s`.
fn round(text: String) -> String {
    let (number, unit) = text.split_once(' ').map_or((&*text, None), |(number, unit)| (number, Some(unit)));
    let number = if number.contains('.') { number.trim_end_matches('0').trim_end_matches('.') } else { number };
    unit.map_or_else(|| number.to_owned(), |unit| format!("{number} {unit}"))
}

fn open(title: &str, height: f64) -> String {
    let title = escaped(title);
    format!("<svg viewBox=\"0 0 {WIDTH} {height:.0}\" role=\"img\" aria-label=\"{title}\">")
}

/// Text for XML.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_begin_and_end_at_round_values() {
        for (value, expected) in [(0.9, 1.0), (1.1, 2.0), (3.0, 4.0), (85.0, 100.0), (4e-5, 4e-5)] {
            let nice = nice_above(value);
            assert!((nice / expected - 1.0).abs() < 1e-9, "{value}: {nice}");
        }
        let range = Range::new([0.002, 40.0].into_iter(), &Scale::Log, 0.0, 100.0);
        assert_eq!(range.ticks(), [0.001, 0.01, 0.1, 1.0, 10.0, 100.0]);
        assert!((range.at(0.001)).abs() < 1e-9);
        assert!((range.at(100.0) - 100.0).abs() < 1e-9);
    }

    #[test]
    fn values_of_axes_are_short() {
        for (text, expected) in [("10.0 s", "10 s"), ("1.50 ms", "1.5 ms"), ("100", "100"), ("0.00 µs", "0 µs")] {
            assert_eq!(round(text.to_owned()), expected);
        }
    }

    #[test]
    fn texts_of_a_chart_are_escaped() {
        let point = Point { x: 1.0, y: 2.0, spread: None, hint: "1 < 2".to_owned() };
        let series = Series { name: "a & b".to_owned(), color: 0, is_dashed: false, points: vec![point] };
        let axis = |scale| Axis { label: "x", scale, format: |value| value.to_string() };
        let chart = Lines { title: "t", x: axis(Scale::Log), y: axis(Scale::Linear), series: vec![series], limits: Vec::new() };
        let svg = chart.draw();
        assert!(svg.contains("a &amp; b") && svg.contains("1 &lt; 2"), "{svg}");
    }
}
