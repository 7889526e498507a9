//! Sentences in lines.

/// Appends a sentence in lines of at most `width` characters, each after `indent` spaces. A word that is longer stands alone.
pub(in crate::render) fn push(out: &mut Vec<u8>, text: &str, indent: usize, width: usize) {
    let room = width.saturating_sub(indent);
    let mut used = 0;
    for word in text.split_ascii_whitespace() {
        let length = word.chars().count();
        if used > 0 && used + 1 + length > room {
            out.push(b'\n');
            used = 0;
        }
        if used == 0 {
            out.resize(out.len() + indent, b' ');
        } else {
            out.push(b' ');
            used += 1;
        }
        out.extend_from_slice(word.as_bytes());
        used += length;
    }
    out.push(b'\n');
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_word_is_there_and_no_line_is_longer_than_it_may(text in "([a-z]{1,12} ){0,30}", indent in 0_usize..40, width in 0_usize..90) {
            let mut out = Vec::new();
            push(&mut out, &text, indent, width);
            let wrapped = String::from_utf8(out).unwrap();
            prop_assert_eq!(wrapped.split_whitespace().collect::<Vec<_>>(), text.split_whitespace().collect::<Vec<_>>());
            for line in wrapped.lines() {
                prop_assert!(line.len() <= width || line.split_whitespace().count() == 1 || text.is_empty(), "{line:?}");
            }
        }
    }
}
