//! Which of several words somebody may have meant: for file names, fields and the words of filters.

use crate::limits::Limits;

/// A letter too many, too few or another one.
const EDIT: usize = 3;
/// Two letters that changed places: the slip of fast fingers, so it counts for less.
const SWAP: usize = 2;

/// The candidate that is nearest to a word, where one is near enough to be meant; else one that the word begins. Case counts for nothing.
pub(crate) fn nearest<T: AsRef<str>>(word: &str, candidates: impl IntoIterator<Item = T>) -> Option<T> {
    let word: Vec<char> = word.chars().take(Limits::WORD_COMPARED + 1).flat_map(char::to_lowercase).collect();
    if word.len() > Limits::WORD_COMPARED {
        return None;
    }
    let ranked = candidates.into_iter().filter_map(|candidate| Some((rank(&word, candidate.as_ref())?, candidate)));
    ranked.min_by_key(|(rank, _)| *rank).map(|(_, candidate)| candidate)
}

/// How far a candidate is from the word; `None` where it is too far to be meant. What begins with the whole of a word with a dot in it (a
/// field with its protocol, a file with its ending) is nearer than any other: nobody mistypes as much of it.
fn rank(word: &[char], candidate: &str) -> Option<(bool, usize)> {
    let candidate: Vec<char> = candidate.chars().flat_map(char::to_lowercase).collect();
    let allowed = EDIT * (word.len() / 3).clamp(1, 4);
    // A word of two letters has a neighbour in every other: one edit must leave more of it than it changes.
    let near = |distance: usize| distance <= allowed && distance < EDIT * word.len().max(2) / 2 + 1;
    let begins = word.len() > 2 && candidate.starts_with(word);
    if begins && word.contains(&'.') {
        return Some((false, candidate.len() - word.len()));
    }
    let comparable = candidate.len().abs_diff(word.len()) * EDIT <= allowed;
    comparable
        .then(|| distance(word, &candidate))
        .filter(|distance| near(*distance))
        .or_else(|| begins.then_some(allowed + 1))
        .map(|distance| (true, distance))
}

/// What it costs to make one word into the other (optimal string alignment).
fn distance(left: &[char], right: &[char]) -> usize {
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
        assert_eq!(nearest("ab", ["abracadabra"]), None);
        assert_eq!(nearest(&"a".repeat(1_000_000), ["a"]), None);
    }

    #[test]
    fn what_was_meant_is_near_or_begins_like_it() {
        let files = ["http.pcapng", "dns.pcap", "capture.pcapng"];
        assert_eq!(nearest("htpp.pcapng", files), Some("http.pcapng"));
        assert_eq!(nearest("http.pcap", files), Some("http.pcapng"));
        assert_eq!(nearest("capture", files), Some("capture.pcapng"));
        assert_eq!(nearest("tls.cap", files), None);
        assert_eq!(nearest("tcp.seq", ["tcp.len", "tcp.seq_raw"]), Some("tcp.seq_raw"));
    }
}
