//! The word that was probably meant: the nearest of those that would have been right.

/// A letter too many, too few or another one.
const EDIT: usize = 3;
/// Two letters that changed places: the slip of fast fingers, so it counts for less.
const SWAP: usize = 2;
/// Longer words are not compared: no word of the language is as long.
const LONGEST: usize = 64;

/// The candidate nearest to `word`, where one is near enough to be it.
pub(super) fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let word: Vec<char> = word.chars().take(LONGEST + 1).flat_map(char::to_lowercase).collect();
    if word.len() > LONGEST {
        return None;
    }
    let allowed = EDIT * (word.len() / 3).clamp(1, 4);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        if candidate.len().abs_diff(word.len()) * EDIT > allowed {
            continue;
        }
        let distance = distance(&word, candidate);
        // A word of two letters has a neighbour in every other: one edit must leave more of it than it changes.
        if distance <= allowed && distance < EDIT * word.len().max(2) / 2 + 1 && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// What it costs to make one word into the other (optimal string alignment).
fn distance(left: &[char], right: &str) -> usize {
    let right: Vec<char> = right.chars().flat_map(char::to_lowercase).collect();
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=right.len()).map(|count| count * EDIT).collect();
    for (row, a) in left.iter().enumerate() {
        let mut line = vec![(row + 1) * EDIT];
        for (column, b) in right.iter().enumerate() {
            let replaced = above[column] + if a == b { 0 } else { EDIT };
            let mut least = replaced.min(above[column + 1] + EDIT).min(line[column] + EDIT);
            if row > 0 && column > 0 && left[row - 1] == *b && right[column - 1] == *a {
                least = least.min(before[column - 1] + SWAP);
            }
            line.push(least);
        }
        before = std::mem::replace(&mut above, line);
    }
    above.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn swapped_letters_are_nearer_than_missing_ones() {
        assert_eq!(nearest("prot", ["proto", "port", "host"]), Some("port"));
        assert_eq!(nearest("hots", ["host", "hosts"]), Some("host"));
        assert_eq!(nearest("TCP", ["udp", "tcp"]), Some("tcp"));
    }

    #[test]
    fn far_words_are_not_suggested() {
        assert_eq!(nearest("x", ["ip", "tcp"]), None);
        assert_eq!(nearest("banana", ["portrange", "host"]), None);
        assert_eq!(nearest(&"a".repeat(1_000_000), ["a"]), None);
    }
}
