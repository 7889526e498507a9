//! The one-line form: number, time, who to whom, what it is and what it does.
//!
//! Nothing here allocates once the buffers have grown: a line is put together in one that is reused, by the functions of
//! [`super::number`]. Columns that vary in width grow with what was seen, up to a limit, so that the eye finds them and no line waits for
//! the whole capture.

mod endpoints;
mod fragments;
mod interface;
mod words;
mod wrappers;

pub(super) use fragments::{has_trouble, push_place, push_trouble};
pub(super) use words::{push_flags, push_length};

use super::Seen;
use super::name::{self, Introductions};
use super::style::{Palette, Role};
use super::time::Clock;
use super::{note, number, stop};
use crate::conversation::Names;
use crate::dissect::{Dissection, Layer, Status, Transport, View};
use crate::explain::Finding;
use crate::frame::Frame;
use crate::reassembly::fragments::Fragment;
use crate::source::Interface;
use interface::InterfaceColumn;

/// The widest that the column of endpoints becomes: two IPv4 addresses with ports, or two short IPv6 addresses.
const ENDPOINTS_SHOWN: usize = 52;
/// The narrowest: most lines of a local network fit.
const ENDPOINTS_LEAST: usize = 37;
/// The width of two link addresses.
const LINK_WIDTH: usize = 37;
/// The width of the column of protocols.
const LABEL_WIDTH: usize = 6;

/// Writes frames as lines.
pub struct LineForm {
    clock: Clock,
    palette: Palette,
    link_addresses: bool,
    interfaces: InterfaceColumn,
    endpoints_width: usize,
    introductions: Introductions,
    introduces: bool,
}

impl LineForm {
    /// Lines with this clock and these colours; `link_addresses` shows the link layer's addresses too.
    #[must_use]
    pub fn new(clock: Clock, palette: Palette, link_addresses: bool) -> Self {
        Self {
            clock,
            palette,
            link_addresses,
            interfaces: InterfaceColumn::default(),
            endpoints_width: ENDPOINTS_LEAST,
            introductions: Introductions::default(),
            introduces: true,
        }
    }

    /// Lines that use names without saying where they come from.
    #[must_use]
    pub fn without_introductions(self) -> Self {
        Self { introduces: false, ..self }
    }

    /// Lines with room for a direction from the first one on: some interfaces tell it, and others do not.
    #[must_use]
    pub fn with_directions(mut self) -> Self {
        self.interfaces.has_directions = true;
        self
    }

    /// The colours it uses.
    #[must_use]
    pub fn palette(&self) -> &Palette {
        &self.palette
    }

    /// Appends a frame's line, with its line feed. Where an address is called by its name for the first time it says where that comes from.
    /// `names` are those of the frames before; `finding` is a wrong checksum that nothing explains.
    pub fn write_frame(&mut self, out: &mut Vec<u8>, frame: &Frame<'_>, dissection: &Dissection, names: &Names, finding: Option<&Finding>) {
        self.write(out, &Seen { frame, dissection, fragment: None, finding, conversation: None, notes: &[] }, &[], names);
    }

    /// The same for a frame that may be a fragment: the one that completes a datagram says what the datagram is. Where there are several
    /// `interfaces` the line says which the frame came by, and which way it went.
    pub fn write(&mut self, out: &mut Vec<u8>, seen: &Seen<'_>, interfaces: &[Interface], names: &Names) {
        let Seen { frame, dissection, fragment, finding, .. } = *seen;
        let whole = fragment.and_then(Fragment::innermost_whole);
        let (data, shown) = whole.map_or((frame.data, dissection), |whole| (&whole.bytes[..], &whole.dissection));
        let called = self.introductions.meet(names, shown);
        number::push_right(out, frame.number, 5);
        out.push(b' ');
        if self.clock.shows_time() {
            self.palette.paint(out, Role::Time, |out| self.clock.push(out, frame.timestamp));
            out.push(b' ');
        }
        self.interfaces.push(out, frame, interfaces, &self.palette);
        let subject = Subject::of(data, shown, names);
        // Where the endpoints are link addresses already, once is enough.
        if self.link_addresses && (dissection.network().is_some() || subject.inner_link().is_some()) {
            let before = out.len();
            endpoints::push_link(out, frame.data, dissection);
            pad(out, LINK_WIDTH.saturating_sub(out.len() - before) + 1);
        }
        let mut width = 0;
        self.palette.paint(out, Role::Address, |out| {
            let before = out.len();
            endpoints::push(out, data, shown, &subject, called);
            width = out.len() - before;
        });
        self.endpoints_width = self.endpoints_width.max(width.min(ENDPOINTS_SHOWN));
        pad(out, self.endpoints_width.saturating_sub(width) + 1);
        let label = subject.label();
        self.palette.paint_layer(out, subject.layer(), |out| out.extend_from_slice(label.as_bytes()));
        pad(out, LABEL_WIDTH.saturating_sub(label.len()) + 1);
        words::push(out, &subject);
        match fragment {
            None => words::push_fragment(out, &subject),
            Some(fragment) => {
                fragments::push(out, fragment, frame.number, &self.palette);
                let own = View { frame: frame.data, dissection, index: 0 };
                fragments::push_wrappers(out, own, fragment, names, &self.palette);
            }
        }
        if fragment.is_none() || whole.is_some() {
            wrappers::push(out, &subject, &self.palette);
        }
        if let Some(stop) = &shown.stop {
            out.extend_from_slice(b" [");
            self.palette.paint(out, Role::Warning, |out| stop::push_short(out, stop));
            out.push(b']');
        } else if frame.is_cut() {
            out.extend_from_slice(b" [");
            self.palette.paint(out, Role::Dim, |out| {
                number::push_decimal(out, u64::from(frame.captured()));
                out.extend_from_slice(b" of ");
                number::push_decimal(out, u64::from(frame.length));
                out.extend_from_slice(b" bytes captured");
            });
            out.push(b']');
        }
        if let Some(finding) = finding {
            out.extend_from_slice(b" [");
            self.palette.paint(out, Role::Warning, |out| push_finding(out, finding));
            out.push(b']');
        }
        if lacks_checksum(&subject) {
            out.extend_from_slice(b" [");
            self.palette.paint(out, Role::Warning, |out| out.extend_from_slice(b"UDP checksum 0: over IPv6 there must be one"));
            out.push(b']');
        }
        if self.introduces {
            for called in self.introductions.newcomers(names) {
                out.extend_from_slice(b" [");
                self.palette.paint(out, Role::Dim, |out| name::push_introduction(out, called));
                out.push(b']');
            }
        }
        while out.last() == Some(&b' ') {
            out.pop();
        }
        out.push(b'\n');
        for one in seen.notes {
            note::push_under(out, frame.number, one, names, &self.palette);
        }
    }
}

/// Appends what a layer does, in the words of its line.
pub(super) fn push_words(out: &mut Vec<u8>, view: View<'_>, names: &Names) {
    let transport = view.dissection.transports.iter().rfind(|transport| transport.layer <= view.index);
    words::push_layer(out, &Subject { view, transport, more: 0, names });
}

/// Whether the datagram has no checksum where there must be one.
fn lacks_checksum(subject: &Subject<'_>) -> bool {
    let dissection = subject.view.dissection;
    let Some(index) = subject.transport.filter(|transport| transport.tcp.is_none()).map(|transport| transport.layer) else { return false };
    let Some(view) = View::new(subject.view.frame, dissection, index) else { return false };
    // Only a checksum of 0 may be illegal: no other needs to be added up again.
    view.bytes().get(6..8) == Some(&[0, 0]) && view.checksum().is_some_and(|checksum| checksum.status == Status::Illegal)
}

fn push_finding(out: &mut Vec<u8>, finding: &Finding) {
    out.extend_from_slice(finding.label.as_bytes());
    out.extend_from_slice(b" checksum 0x");
    number::push_hex(out, u64::from(finding.checksum.found), 4);
    out.extend_from_slice(b" is wrong, 0x");
    number::push_hex(out, u64::from(finding.checksum.expected), 4);
    out.extend_from_slice(b" would be right");
}

fn pad(out: &mut Vec<u8>, width: usize) {
    number::push_first(out, &[b' '; ENDPOINTS_SHOWN + 1], width);
}

/// What a frame's line is about: its innermost layer that has more to say than bytes.
struct Subject<'a> {
    view: View<'a>,
    /// Its segment or datagram, where the subject is one or is carried by one.
    transport: Option<&'a Transport>,
    /// How many messages of the same protocol stand behind it in that segment.
    more: usize,
    /// What addresses are called.
    names: &'a Names,
}

impl<'a> Subject<'a> {
    fn of(data: &'a [u8], dissection: &'a Dissection, names: &'a Names) -> Self {
        let layers = &dissection.layers;
        // A fragment that is not the first ends with its fragment header, which says no more than the packet does.
        let says_something = |layer: &Layer| !layer.quoted && !matches!(layer.protocol.name, "data" | "ipv6.fraghdr");
        let index = layers.iter().rposition(says_something).unwrap_or_default();
        let innermost = dissection.network().map_or(0, |network| network.layer);
        let transport = dissection.transport().filter(|transport| transport.layer >= innermost);
        // Of several messages in a segment the first is told, the others are counted.
        let messages = layers.get(transport.map_or(index, |transport| transport.layer + 1)..=index).unwrap_or_default();
        let more = messages.iter().rev().skip(1).take_while(|layer| layer.protocol.is(layers[index].protocol)).count();
        Self { view: View { frame: data, dissection, index: index - more }, transport, more, names }
    }

    /// The Ethernet header inside a tunnel that the subject follows with no packet between them: there the subject's endpoints are links'.
    fn inner_link(&self) -> Option<&'a Layer> {
        let network = self.view.dissection.network()?;
        let behind = self.view.dissection.layers.get(network.layer + 1..=self.view.index)?;
        behind.iter().rfind(|layer| layer.protocol.name == "eth" && !layer.quoted)
    }

    fn layer(&self) -> &'a Layer {
        self.view.layer()
    }

    fn label(&self) -> &'static str {
        self.layer().protocol.label
    }
}
