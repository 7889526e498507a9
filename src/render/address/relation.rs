//! How two addresses stand to each other, as a page.

use super::page::{INDENT, Page};
use super::prefix::smallest_common;
use crate::explain::address::{common_bits, same_subnet};
use crate::render::bits::push_compared;
use crate::render::escape;
use ipnet::IpNet;
use std::net::IpAddr;

/// A prefix under which two addresses are compared, and where it is from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Under {
    /// The prefix.
    pub prefix: IpNet,
    /// Who says so: an interface (`eth0`), or what was typed.
    pub from: String,
}

/// Appends how two addresses stand to each other, under the prefixes that are known.
pub(super) fn push(page: &mut Page<'_>, a: IpAddr, b: IpAddr, under: &[Under]) {
    let Some(common) = common_bits(a, b) else {
        return page.row("versions", &format!("{a} and {b} are of different versions of IP: no prefix holds both"));
    };
    let border = under.iter().map(|under| under.prefix.prefix_len()).next();
    page.drawing("bits", |out, palette| push_compared(out, a, b, border, INDENT, palette));
    if a == b {
        return page.row("same", "they are one address");
    }
    let smallest = smallest_common(a, b, common).map(|prefix| prefix.to_string()).unwrap_or_default();
    let shared = if common == 0 { "nothing, their first bit differs".to_owned() } else { format!("their first {}", bits_words(common)) };
    page.row(
        "in common",
        &format!(
            "{shared}: {smallest} is the smallest network that holds both; under /{} or longer they are on different ones",
            common + 1
        ),
    );
    for Under { prefix, from } in under {
        let Some(compared) = same_subnet(a, b, prefix.prefix_len()) else { continue };
        let (length, from) = (prefix.prefix_len(), escape::text(from.as_bytes()));
        let text = if compared.same() {
            format!(
                "same subnet ({prefix}, {from}): their first {} are equal, so they reach each other without a router",
                bits_words(length)
            )
        } else {
            let (inside, outside) = if prefix.contains(&a) { (a, b) } else { (b, a) };
            format!(
                "not the same subnet ({from}): {outside} is not in {}, because its first {} are not those of {inside} (bit {} differs): a router \
                 is between them",
                prefix.trunc(),
                bits_words(length),
                common + 1
            )
        };
        page.row(&format!("under /{length}"), &text);
    }
}

fn bits_words(count: u8) -> String {
    if count == 1 { "bit".to_owned() } else { format!("{count} bits") }
}
