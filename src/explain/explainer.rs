//! All lessons together: what every verb that explains drives.

use super::address::AddressWatch;
use super::capture::CaptureWatch;
use super::handshake::HandshakeWatch;
use super::hops::HopsWatch;
use super::http::HttpWatch;
use super::icmp::IcmpWatch;
use super::login::LoginWatch;
use super::loss::LossWatch;
use super::mtu::MtuWatch;
use super::name::NameWatch;
use super::route::RouteWatch;
use super::scene::{Ending, Lessons, Scene};
use super::step::Step;
use super::subnet::SubnetWatch;
use super::surroundings::{self, Surroundings};
use super::wireless::WirelessWatch;
use super::{Note, Notes};
use crate::conversation::{Conversation, Listener, Side};
use crate::host::Host;
use crate::reassembly::{Origin, Overlap, Piece};

/// Every lesson's watch, and what they share.
///
/// It listens to conversations, is shown every frame behind that, and is asked for the notes that it made.
#[derive(Debug, Default)]
pub struct Explainer {
    known: Surroundings,
    notes: Notes,
    /// Whether what is said of hosts and of the networks around them is left out.
    is_of_conversations: bool,
    address: AddressWatch,
    subnet: SubnetWatch,
    route: RouteWatch,
    hops: HopsWatch,
    icmp: IcmpWatch,
    mtu: MtuWatch,
    handshake: HandshakeWatch,
    loss: LossWatch,
    name: NameWatch,
    http: HttpWatch,
    login: LoginWatch,
    wireless: WirelessWatch,
    capture: CaptureWatch,
}

impl Explainer {
    /// Explains with what the machine knows that captured.
    #[must_use]
    pub fn with_host(host: Host) -> Self {
        let mut explainer = Self::default();
        explainer.known.know_host(host, surroundings::Origin::Host);
        explainer
    }

    /// Explains conversations alone: says nothing of addresses, networks, routes, distances, scans, of ports that run out, of where addresses
    /// were learned, and of the capture itself.
    #[must_use]
    pub fn of_conversations() -> Self {
        let (hops, handshake, name) = (HopsWatch::of_conversations(), HandshakeWatch::of_conversations(), NameWatch::of_conversations());
        Self { is_of_conversations: true, hops, handshake, name, ..Self::default() }
    }

    /// Explains with what the capture itself carries of the machine, where the machine was not told: before the first frame is shown.
    pub fn learn_carried(&mut self, host: Host) {
        self.known.know_host(host, surroundings::Origin::Capture);
    }

    /// Looks at a frame, behind what its conversation told of it.
    pub fn observe(&mut self, scene: &Scene<'_>) {
        match Step::of(scene).filter(|step| step.goes_on(scene) && self.knows(scene, step)) {
            Some(step) => self.go_on(scene, &step),
            None => self.look_at(scene),
        }
    }

    /// Whether one more segment of a connection tells nothing but to those that count segments.
    fn knows(&self, scene: &Scene<'_>, step: &Step<'_>) -> bool {
        let is_around_known = || self.known.knows(scene, step) && self.address.is_calm() && self.route.is_calm(&self.known);
        (self.is_of_conversations || is_around_known())
            && self.hops.is_calm()
            && self.handshake.is_calm(step)
            && self.name.is_calm(step.conversation.id)
            && self.login.is_calm()
    }

    /// Counts a segment: what most frames are, and all that is done with them.
    fn go_on(&mut self, scene: &Scene<'_>, step: &Step<'_>) {
        self.mtu.go_on(scene, step, &mut self.notes);
        self.loss.go_on(scene, step, &mut self.notes);
        self.http.frame(scene, &self.known, &mut self.notes);
        if !self.is_of_conversations {
            self.capture.go_on(scene, step, &mut self.notes);
        }
    }

    /// Looks at a frame that may be anything. Seldom called, and too large to stand between what is called for each frame.
    #[cold]
    fn look_at(&mut self, scene: &Scene<'_>) {
        let Self {
            known,
            notes,
            is_of_conversations,
            address,
            subnet,
            route,
            hops,
            icmp,
            mtu,
            handshake,
            loss,
            name,
            http,
            login,
            wireless,
            capture,
        } = self;
        if !*is_of_conversations || gives_addresses(scene) {
            known.learn(scene);
        }
        if !*is_of_conversations {
            address.frame(scene, known, notes);
            subnet.frame(scene, known, notes);
            route.frame(scene, known, notes);
        }
        hops.frame(scene, known, notes);
        icmp.frame(scene, known, notes);
        mtu.frame(scene, known, notes);
        handshake.frame(scene, known, notes);
        loss.frame(scene, known, notes);
        name.frame(scene, known, notes);
        http.frame(scene, known, notes);
        login.frame(scene, known, notes);
        wireless.frame(scene, known, notes);
        if !*is_of_conversations {
            capture.frame(scene, known, notes);
        }
    }

    /// The capture is over, and all conversations told their end.
    pub fn finish(&mut self, ending: &Ending<'_>) {
        let Self {
            known,
            notes,
            is_of_conversations,
            address,
            subnet,
            route,
            hops,
            icmp,
            mtu,
            handshake,
            loss,
            name,
            http,
            login,
            wireless,
            capture,
        } = self;
        address.finish(ending, known, notes);
        subnet.finish(ending, known, notes);
        route.finish(ending, known, notes);
        hops.finish(ending, known, notes);
        icmp.finish(ending, known, notes);
        mtu.finish(ending, known, notes);
        handshake.finish(ending, known, notes);
        loss.finish(ending, known, notes);
        name.finish(ending, known, notes);
        http.finish(ending, known, notes);
        login.finish(ending, known, notes);
        wireless.finish(ending, known, notes);
        if !*is_of_conversations {
            capture.finish(ending, known, notes);
        }
    }

    /// Whether there are new notes.
    #[must_use]
    pub fn has_notes(&self) -> bool {
        !self.notes.is_empty()
    }

    /// The notes since this was last asked.
    pub fn take_notes(&mut self) -> std::vec::Drain<'_, Note> {
        self.notes.take()
    }

    /// How many notes were not made because there were too many of their rule.
    #[must_use]
    pub fn left_out(&self) -> u64 {
        self.notes.left_out()
    }

    /// How often there was no room for something new, or something was forgotten to have room again: what would have followed from it is not
    /// said. The latest few of a kind, and frames that are named as proof, are not counted.
    #[must_use]
    pub fn forgotten(&self) -> u64 {
        let Self { known, address, subnet, route, hops, icmp, mtu, handshake, loss, name, http, login, wireless, capture, .. } = self;
        let watches: [&dyn Lessons; 13] = [address, subnet, route, hops, icmp, mtu, handshake, loss, name, http, login, wireless, capture];
        known.forgotten() + watches.iter().map(|watch| watch.forgotten()).sum::<u64>()
    }

    /// What is known of the networks around.
    #[must_use]
    pub fn surroundings(&self) -> &Surroundings {
        &self.known
    }
}

/// Whether a frame gives addresses, or asks for one: by that it is judged whether an ICMP error is welcome.
fn gives_addresses(scene: &Scene<'_>) -> bool {
    const DHCP: [u16; 2] = [67, 68];
    let (_, dissection) = scene.own();
    dissection.transport().is_some_and(|transport| DHCP.contains(&transport.source_port))
}

impl Listener for Explainer {
    fn piece(&mut self, conversation: &Conversation, from: Side, piece: &Piece<'_>) {
        self.name.piece(conversation, from, piece);
        self.http.piece(conversation, from, piece);
        self.login.piece(conversation, from, piece);
    }

    fn overlap(&mut self, conversation: &Conversation, from: Side, overlap: &Overlap<'_>) {
        self.loss.overlap(conversation, from, overlap);
        self.http.overlap(conversation, from, overlap);
    }

    fn datagram(&mut self, conversation: &Conversation, from: Side, payload: &[u8], origin: Origin) {
        self.name.datagram(conversation, from, payload, origin);
    }

    fn finished(&mut self, conversation: &Conversation) {
        self.name.finished(conversation);
        self.http.finished(conversation);
        self.login.finished(conversation);
        self.mtu.over(conversation, &mut self.notes);
        self.handshake.over(conversation, &mut self.notes);
        self.loss.over(conversation, &mut self.notes);
        self.capture.over(conversation, &mut self.notes);
    }
}
