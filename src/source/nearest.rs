//! Which of several words somebody may have meant.

/// The candidate that is nearest to a word: a few letters wrong, left out, added or swapped, or else one that the word begins.
pub(crate) fn nearest<T: AsRef<str>>(word: &str, candidates: impl IntoIterator<Item = T>) -> Option<T> {
    let most = (word.chars().count() / 4).clamp(1, 3);
    let rank = |candidate: &str| match distance(word, candidate) {
        0 => None,
        steps if steps <= most => Some(steps),
        _ => (word.len() > 2 && candidate.starts_with(word)).then_some(most + 1),
    };
    candidates
        .into_iter()
        .filter_map(|candidate| Some((rank(candidate.as_ref())?, candidate)))
        .min_by_key(|(rank, _)| *rank)
        .map(|(_, best)| best)
}

/// How many letters must be changed, added, removed or swapped with their neighbour; case counts for nothing.
fn distance(from: &str, to: &str) -> usize {
    let from: Vec<char> = from.to_lowercase().chars().collect();
    let to: Vec<char> = to.to_lowercase().chars().collect();
    if from.len().abs_diff(to.len()) > 3 {
        return usize::MAX;
    }
    // Three rows of the table: the distances of the beginnings of `from` to each beginning of `to`.
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=to.len()).collect();
    for (row, letter) in from.iter().enumerate() {
        let mut current = vec![row + 1];
        for (column, other) in to.iter().enumerate() {
            let at = |row: &[usize], column: usize| row.get(column).copied().unwrap_or(usize::MAX - 1);
            let mut best = at(&above, column) + usize::from(letter != other);
            best = best.min(at(&above, column + 1) + 1).min(at(&current, column) + 1);
            if row > 0 && column > 0 && from.get(row - 1) == Some(other) && to.get(column - 1) == Some(letter) {
                best = best.min(at(&before, column - 1) + 1);
            }
            current.push(best);
        }
        before = std::mem::replace(&mut above, current);
    }
    above.last().copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_count_letters() {
        for (from, to, steps) in [("", "", 0), ("a", "", 1), ("ab", "ba", 1), ("kitten", "sitting", 3), ("Dns.Pcap", "dns.pcap", 0)] {
            assert_eq!(distance(from, to), steps, "{from} {to}");
        }
    }

    #[test]
    fn what_was_meant_is_near_or_begins_like_it() {
        let files = ["http.pcapng", "dns.pcap", "capture.pcapng"];
        assert_eq!(nearest("htpp.pcapng", files), Some("http.pcapng"));
        assert_eq!(nearest("http.pcap", files), Some("http.pcapng"));
        assert_eq!(nearest("capture", files), Some("capture.pcapng"));
        assert_eq!(nearest("tls.cap", files), None);
        assert_eq!(nearest("ab", ["abracadabra"]), None);
    }
}
