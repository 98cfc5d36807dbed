//! The order of `String.prototype.localeCompare`.
//!
//! Langium sorts types, properties and keywords with it, though its result depends on the user's locale. Langloom fixes
//! the root (and English) collation of the Unicode Collation Algorithm, as the Unicode CLDR defines it.
//!
//! Langium identifiers are ASCII (`[_a-zA-Z][\w_]*`), and so are most keywords. For printable ASCII the algorithm is:
//! compare ignoring case, with punctuation before digits before letters; if that leaves no difference, lower case comes
//! before upper case at the first place where the cases differ. Everything else needs all of it, with its tables. These are not quite
//! those of Node 24: rare Chinese characters outside of the block U+4E00 to U+9FFF go by code point here, by radical there.

use std::cmp::Ordering;

use icu_collator::CollatorBorrowed;
use icu_collator::options::CollatorOptions;

/// Compares any two texts as `a.localeCompare(b)` does in an English locale. Different texts can be equal, for example
/// if they differ in control characters only.
pub fn compare_texts(a: &str, b: &str) -> Ordering {
    // All of it is known at compile time, so that only the tables of the root collation (250 KB) are in the binary.
    const ROOT: CollatorBorrowed<'_> = CollatorBorrowed::new_root(CollatorOptions::default());
    let is_printable = |text: &str| text.bytes().all(|byte| WEIGHTS[byte as usize] > 0);
    // A fifth of the instructions of the whole algorithm.
    if is_printable(a) && is_printable(b) { compare_identifiers(a, b) } else { ROOT.compare(a, b) }
}

/// Compares two identifiers, or other texts of printable ASCII, as `a.localeCompare(b)` does in an English locale.
pub fn compare_identifiers(a: &str, b: &str) -> Ordering {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut cases = Ordering::Equal;
    for (&x, &y) in a.iter().zip(b) {
        if x != y {
            match WEIGHTS[x as usize].cmp(&WEIGHTS[y as usize]) {
                Ordering::Equal if cases.is_eq() => cases = y.cmp(&x), // in ASCII, upper case is the smaller byte
                Ordering::Equal => {}
                difference => return difference,
            }
        }
    }
    a.len().cmp(&b.len()).then(cases)
}

/// Sorts `items` by the identifiers that `text` gives for them, stably.
pub fn sort_identifiers<'t, T>(items: &mut [T], text: impl Fn(&T) -> &'t str) {
    // Comparing 16 letters as one number decides most comparisons.
    let mut keyed: Vec<(u128, u32)> = (0..).zip(&*items).map(|(index, item)| (prefix(text(item)), index)).collect();
    let full = |index: u32| text(&items[index as usize]);
    keyed.sort_by(|(a, x), (b, y)| a.cmp(b).then_with(|| compare_identifiers(full(*x), full(*y))));
    let mut order: Vec<u32> = keyed.into_iter().map(|(_, index)| index).collect();
    reorder(items, &mut order);
}

/// The same, where they are nearly sorted if they are taken as `near` says, which has the index of each once: then it takes
/// little more than a comparison for each.
pub fn sort_identifiers_near<'t, T>(items: &mut [T], mut near: Vec<u32>, text: impl Fn(&T) -> &'t str) {
    let full = |index: u32| text(&items[index as usize]);
    near.sort_by(|&x, &y| compare_identifiers(full(x), full(y)));
    reorder(items, &mut near);
}

/// Brings item `order[i]` to place `i`, by swaps along the circles of the permutation: types are big, and there are so
/// many that a second vector of them was the peak of a run's memory.
fn reorder<T>(items: &mut [T], order: &mut [u32]) {
    for start in 0..items.len() {
        let mut at = start;
        while order[at] as usize != start {
            let from = order[at] as usize;
            items.swap(at, from);
            order[at] = at as u32;
            at = from;
        }
        order[at] = at as u32;
    }
}

/// The primary weights of the first 16 letters; smaller for identifiers that sort before others by these alone.
fn prefix(text: &str) -> u128 {
    let mut weights = [0; 16];
    for (to, &byte) in weights.iter_mut().zip(text.as_bytes()) {
        *to = WEIGHTS[byte as usize];
    }
    u128::from_be_bytes(weights)
}

/// Primary weights by byte, without case; 0 for all that is not printable ASCII.
const WEIGHTS: [u8; 256] = {
    let order = b" _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$0123456789abcdefghijklmnopqrstuvwxyz";
    let mut weights = [0; 256];
    let mut index = 0;
    while index < order.len() {
        weights[order[index] as usize] = index as u8 + 1;
        weights[order[index].to_ascii_uppercase() as usize] = index as u8 + 1;
        index += 1;
    }
    weights
};

/// Compares as JavaScript's `<` on strings and `Array.prototype.sort` do: by UTF-16 code units.
pub fn compare_utf16(a: &str, b: &str) -> Ordering {
    match a.bytes().zip(b.bytes()).find(|(x, y)| x != y) {
        Some((x, y)) => weight(x).cmp(&weight(y)),
        None => a.len().cmp(&b.len()),
    }
}

/// Bytes are in the order of code points, which differs only above the surrogates: those from U+E000 to U+FFFF, with these
/// first bytes, come last.
fn weight(byte: u8) -> u8 {
    if let 0xEE..=0xEF = byte { byte + 0x10 } else { byte }
}

/// Sorts `items` by their `text` as [`compare_utf16`] compares, those with equal ones as they are. Sixteen bytes at once tell
/// most texts apart.
pub fn sort_utf16<'t, T: Copy>(items: &mut [T], text: impl Fn(T) -> &'t str) {
    let head = |text: &str| {
        let mut head = [0; 16];
        head.iter_mut().zip(text.bytes()).for_each(|(place, byte)| *place = weight(byte));
        u128::from_be_bytes(head)
    };
    let mut headed: Vec<(u128, T)> = items.iter().map(|&item| (head(text(item)), item)).collect();
    headed.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| compare_utf16(text(a.1), text(b.1))));
    items.iter_mut().zip(headed).for_each(|(item, (_, sorted))| *item = sorted);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Recorded from `[...].sort((a, b) => a.localeCompare(b, 'en'))` on Node 24.
    const SORTED: &[&str] = &[
        "_",
        "__",
        "_1",
        "_a",
        "_A",
        "_Z",
        "1",
        "10",
        "9",
        "a",
        "A",
        "a_",
        "A_",
        "a_b",
        "a1",
        "A1",
        "ab",
        "aB",
        "Ab",
        "AB",
        "aBa",
        "ABA",
        "abb",
        "b",
        "B",
        "ColumnSection",
        "CSVFileExtractor",
        "Z",
    ];

    #[test]
    fn identifiers_sort_as_node_sorts_them() {
        let mut names: Vec<&str> = SORTED.iter().rev().copied().collect();
        names.sort_by(|a, b| compare_identifiers(a, b));
        assert_eq!(names, SORTED);
        names.reverse();
        sort_identifiers(&mut names, |name| name);
        assert_eq!(names, SORTED);
    }

    #[test]
    fn texts_sort_as_node_sorts_them() {
        let mut names: Vec<&str> = SORTED.iter().rev().copied().collect();
        names.sort_by(|a, b| compare_texts(a, b));
        assert_eq!(names, SORTED);
        // Recorded as above.
        let recorded = "_ - , ; : ! ? . ' \" ( ) [ ] { } @ * / \\ & # % ` ^ ¨ ° © → ⇒ ∀ ∈ + < = ≠ > ¬ | ~ ∧ ≤ 🎉 $ € 0 1 ½ 9 \
                        a A á Á ä æ b B e é f s ß z Z þ α Α ω а б я א あ ア 中 日";
        let recorded: Vec<&str> = recorded.split_whitespace().collect();
        let mut texts: Vec<&str> = recorded.iter().rev().copied().collect();
        texts.sort_by(|a, b| compare_texts(a, b));
        assert_eq!(texts, recorded);
        assert_eq!(compare_texts("a\u{1}", "a"), Ordering::Equal);
    }

    #[test]
    fn printable_ascii_sorts_as_the_whole_algorithm_sorts_it() {
        const ROOT: CollatorBorrowed<'_> = CollatorBorrowed::new_root(CollatorOptions::default());
        let texts: Vec<String> =
            (b' '..=b'~').flat_map(|byte| ["", "a", "A~"].map(|end| char::from(byte).to_string() + end)).collect();
        for a in &texts {
            for b in &texts {
                assert_eq!(compare_identifiers(a, b), ROOT.compare(a, b), "{a} {b}");
            }
        }
    }

    #[test]
    fn utf16_order_puts_surrogates_before_the_private_use_area() {
        assert_eq!(compare_utf16("\u{1F600}", "\u{E000}"), Ordering::Less);
        assert_eq!(compare_utf16("a", "B"), Ordering::Greater);
        let characters = "a\u{7f}\u{80}\u{7ff}\u{800}\u{d7ff}\u{e000}\u{f000}\u{ffff}\u{10000}\u{1f600}\u{10ffff}";
        let texts: Vec<String> =
            characters.chars().flat_map(|x| ["", "x", "\u{e001}", "\u{1f600}"].map(|end| format!("{x}{end}"))).collect();
        for (a, b) in texts.iter().flat_map(|a| texts.iter().map(move |b| (a, b))) {
            assert_eq!(compare_utf16(a, b), a.encode_utf16().cmp(b.encode_utf16()), "{a} {b}");
        }
        let mut sorted: Vec<&str> =
            texts.iter().map(|text| &**text).chain(["keyword1", "keyword10", "keyword1\u{e000}"]).collect();
        sort_utf16(&mut sorted, |text| text);
        assert!(sorted.is_sorted_by_key(|text| text.encode_utf16().collect::<Vec<_>>()));
    }
}
