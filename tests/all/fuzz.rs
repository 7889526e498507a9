//! What fuzzing does, done as an ordinary test: every target with its seeds, which are made from `captures/`, with the same cut short and with
//! bits flipped, and with every input that was ever found to be trouble. `WIRELORE_SEEDS=FOLDER` writes the seeds there, a folder a target, for a fuzzer to begin with.

#[path = "../fuzz/bodies/mod.rs"]
mod bodies;

use super::support::{captures, repository};
use bodies::{TARGETS, run};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use wirelore::conversation::http1::HttpConversation;
use wirelore::conversation::{Conversation, Conversations, Listener, Packet, Side};
use wirelore::dissect::registry::PROTOCOLS;
use wirelore::dissect::{Dissection, Selector, dissect};
use wirelore::reassembly::{Limits, Piece};
use wirelore::source;

/// The largest capture that is a seed: small ones are changed more often.
const LARGEST: usize = 2_000;
/// The largest input for HTTP.
const STREAMS: usize = 6_000;

/// The seeds of a target.
fn seeds(target: &str) -> Vec<Vec<u8>> {
    let small = || captures().into_iter().filter_map(|path| fs::read(path).ok()).filter(|bytes| bytes.len() <= LARGEST);
    match target {
        "capture" => small().collect(),
        "dissect" => layers(),
        "reassembly" => operations(),
        "http" => captures().iter().filter_map(|path| streams(path)).collect(),
        "filter" => expressions(),
        "diff" => {
            let all: Vec<Vec<u8>> = small().filter(|bytes| bytes.len() <= LARGEST).collect();
            let pair = |left: &Vec<u8>, right: &Vec<u8>| [&(left.len() as u32).to_be_bytes(), left.as_slice(), right].concat();
            all.iter().zip(all.iter().skip(1)).map(|(left, right)| pair(left, right)).chain(all.iter().map(|one| pair(one, one))).collect()
        }
        _ => panic!("no seeds for {target}"),
    }
}

/// The first bytes of an input that goes to whoever claims this; `None` where it is not by a number that one is found.
fn entry(claim: Selector) -> Option<[u8; 4]> {
    let (kind, number) = match claim {
        Selector::LinkType(number) => (0, number),
        Selector::EtherType(number) => (1, number),
        Selector::IpProtocol(number) => (2, number.into()),
        Selector::NextHeader(number) => (3, number.into()),
        Selector::UdpPort(number) => (4, number),
        Selector::TcpPort(number) => (5, number),
        Selector::LinkServiceAccessPoint(number) => (6, number.into()),
        Selector::PppProtocol(number) => (7, number),
        Selector::LinkLength => (6, 0),
        Selector::TcpContent(_) | Selector::UdpContent(_) => return None,
    };
    let [high, low] = u16::to_be_bytes(number);
    Some([kind, high, low, 0])
}

/// Three seeds for each way in which a layer is found by a number: the bytes of layers that came there in captures, of different lengths; one
/// of nothing but zeros where none came.
fn layers() -> Vec<Vec<u8>> {
    const LONGEST: usize = 300;
    let mut found: BTreeMap<[u8; 4], BTreeMap<usize, Vec<u8>>> = BTreeMap::new();
    let mut dissection = Dissection::default();
    for path in captures() {
        let Ok(mut source) = source::open(&path) else { continue };
        while let Ok(true) = source.advance() {
            let frame = source.frame();
            dissect(&frame, &mut dissection);
            for layer in dissection.layers.iter().filter(|layer| layer.end - layer.start <= LONGEST) {
                for claim in layer.protocol.claims.iter().filter_map(|claim| entry(*claim)) {
                    let bytes = [&claim, &frame.data[layer.start..layer.end]].concat();
                    found.entry(claim).or_default().entry(bytes.len()).or_insert(bytes);
                }
            }
        }
    }
    for claim in PROTOCOLS.iter().flat_map(|protocol| protocol.claims).filter_map(|claim| entry(*claim)) {
        let lengths = found.entry(claim).or_default();
        if lengths.is_empty() {
            lengths.insert(0, [&claim[..], &[0; 64]].concat());
        }
    }
    let three = |lengths: &BTreeMap<usize, Vec<u8>>| {
        let step = lengths.len().div_ceil(3);
        lengths.values().step_by(step).cloned().collect::<Vec<_>>()
    };
    found.values().flat_map(three).collect()
}

/// Numbers that always are the same, and look like any.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// One that is less than `limit`.
    fn below(&mut self, limit: usize) -> usize {
        (self.next() >> 16) as usize % limit.max(1)
    }
}

fn operations() -> Vec<Vec<u8>> {
    let mut numbers = Random(0x2545_f491_4f6c_dd1d);
    let mut random = || {
        let state = numbers.next();
        // Small ones, so that places meet.
        if state >> 60 < 12 { (state >> 32) as u8 & 0x1f } else { (state >> 40) as u8 }
    };
    let begins = (0..4_u8).flat_map(|what| (0..4_u8).map(move |options| [what, options]));
    begins
        .flat_map(|begin| [60, 400].map(|length| (begin, length)))
        .map(|(begin, length)| begin.into_iter().chain(std::iter::repeat_with(&mut random).take(length)).collect())
        .collect()
}

/// The pieces of the first conversation of a capture that speaks HTTP.
fn streams(path: &Path) -> Option<Vec<u8>> {
    #[derive(Default)]
    struct Pieces {
        conversation: Option<u64>,
        input: Vec<u8>,
    }
    impl Listener for Pieces {
        fn piece(&mut self, conversation: &Conversation, from: Side, piece: &Piece<'_>) {
            if self.conversation.is_none() && HttpConversation::may_begin(piece) {
                self.conversation = Some(conversation.id);
            }
            if self.conversation != Some(conversation.id) {
                return;
            }
            let (kind, length, bytes) = match *piece {
                // None is longer than a packet.
                Piece::Data { bytes, .. } => (0, bytes.len() as u16, bytes),
                Piece::Gap { length, .. } => (2, length as u16, &[][..]),
                Piece::End { .. } => (3, 0, &[][..]),
            };
            self.input.push(kind << 1 | from.index() as u8);
            self.input.extend(length.to_be_bytes());
            self.input.extend(bytes);
        }
    }
    let mut source = source::open(path).ok()?;
    // The usual limits.
    let mut pieces = Pieces { input: vec![0], ..Pieces::default() };
    let (mut conversations, mut dissection) = (Conversations::new(Limits::default()), Dissection::default());
    while let Ok(true) = source.advance() {
        let frame = source.frame();
        dissect(&frame, &mut dissection);
        conversations.observe(&Packet::new(&frame, &dissection), &mut pieces);
    }
    conversations.finish(&mut pieces);
    (pieces.conversation.is_some() && pieces.input.len() <= STREAMS).then_some(pieces.input)
}

/// Every word of the language, and some sentences.
fn expressions() -> Vec<Vec<u8>> {
    let sentences = [
        "tcp port 80 and (ip.src in 10.0.0.0/8 or tcp.flags.syn == 1)",
        "not (src net 192.0.2.0 mask 255.255.255.0 or dst portrange 1000-2000) && !vlan 5",
        "tcp[tcpflags] & (tcp-syn|tcp-fin) != 0 and ip[6:2] & 0x1fff = 0 and len > 100",
        "http.request.method matches \"^(GET|POST)$\" or frame contains de:ad:be:ef",
        "frame.time >= \"2024-02-29 23:59:59.5\" and frame.number in {1..5, 7}",
        "ether host 02:00:00:00:00:01 or ip6 host 2001:db8::1 and icmp6 or gateway a",
        "ip.addr == 192.0.2.1 || ipv6.addr == 2001:db8::/32 xor udp[8:4] == 0x01020304",
    ];
    let fields = PROTOCOLS.iter().flat_map(|protocol| protocol.fields.iter().copied().flatten());
    let words = PROTOCOLS.iter().map(|protocol| protocol.name.to_owned());
    let questions = fields.step_by(7).map(|field| format!("{} > 1", field.id));
    sentences.map(str::to_owned).into_iter().chain(words).chain(questions).map(String::into_bytes).collect()
}

/// Runs a target with its seeds, and writes them where that is asked for.
fn bear(name: &str) {
    let seeds = seeds(name);
    assert!(seeds.len() > 10, "{name} has {} seeds", seeds.len());
    for (number, seed) in seeds.iter().enumerate() {
        if let Some(folder) = std::env::var_os("WIRELORE_SEEDS") {
            let folder = Path::new(&folder).join(name);
            fs::create_dir_all(&folder).expect("a folder for seeds");
            fs::write(folder.join(format!("seed-{number}")), seed).expect("a seed is written");
        }
        run(name, seed);
    }
}

/// An input as it may come instead: cut short, with bits flipped (one, a few, many), or both.
fn damaged(seed: &[u8], random: &mut Random) -> Vec<u8> {
    let kind = random.below(5);
    let kept = if kind < 2 { random.below(seed.len()) } else { seed.len() };
    let mut bytes = seed[..kept].to_vec();
    let flips = [0, 3, 1, 12, bytes.len() / 20][kind];
    for _ in 0..flips {
        let place = random.below(bytes.len());
        if let Some(byte) = bytes.get_mut(place) {
            *byte ^= 1 << random.below(8);
        }
    }
    bytes
}

/// Runs a target with its seeds damaged in `rounds` ways each.
fn bear_damaged(name: &str, seeds: &[Vec<u8>], rounds: usize) {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for (number, seed) in seeds.iter().enumerate() {
        for round in 0..rounds {
            let bytes = damaged(seed, &mut random);
            let borne = std::panic::catch_unwind(|| run(name, &bytes));
            if borne.is_err() {
                let kept = std::env::temp_dir().join(format!("wirelore-{name}-{number}-{round}"));
                fs::write(&kept, &bytes).expect("an input is written");
                panic!("{name} does not bear seed {number}, damaged in way {round}: it is kept as {}", kept.display());
            }
        }
    }
}

/// Every capture of `captures/`, as far as damage to it is tried: what comes behind that is more of the same.
#[test]
fn every_capture_is_borne_cut_short_and_with_bits_flipped() {
    const TRIED: usize = 5_000;
    let begins = |path: &std::path::PathBuf| fs::read(path).ok().map(|bytes| bytes[..bytes.len().min(TRIED)].to_vec());
    let all: Vec<Vec<u8>> = captures().iter().filter_map(begins).collect();
    assert!(all.len() > 100, "{} captures", all.len());
    bear_damaged("capture", &all, 4);
}

#[test]
fn every_layer_is_borne_cut_short_and_with_bits_flipped() {
    bear_damaged("dissect", &layers(), 12);
}

#[test]
fn http_is_borne_cut_short_and_with_bits_flipped() {
    bear_damaged("http", &seeds("http"), 8);
}

#[test]
fn differences_are_borne_of_captures_that_are_cut_short_and_have_bits_flipped() {
    let pairs: Vec<Vec<u8>> = seeds("diff").into_iter().step_by(3).collect();
    bear_damaged("diff", &pairs, 2);
}

#[test]
fn filters_are_borne_cut_short_and_with_bits_flipped() {
    bear_damaged("filter", &seeds("filter"), 3);
}

#[test]
fn every_seed_of_captures_is_borne() {
    bear("capture");
}

#[test]
fn every_seed_of_dissectors_is_borne() {
    bear("dissect");
}

#[test]
fn every_seed_of_reassembly_is_borne() {
    bear("reassembly");
}

#[test]
fn every_seed_of_http_is_borne() {
    bear("http");
}

#[test]
fn every_seed_of_filters_is_borne() {
    bear("filter");
}

#[test]
fn every_seed_of_differences_is_borne() {
    bear("diff");
}

/// Every input that was trouble once stands in `tests/fuzz/regressions/`, with its story.
#[test]
fn what_was_found_stays_mended() {
    let stories = fs::read_to_string(repository("tests/fuzz/regressions/README.md")).expect("the stories");
    let mut untold = Vec::new();
    for (name, _) in TARGETS {
        let Ok(entries) = fs::read_dir(repository("tests/fuzz/regressions").join(name)) else { continue };
        for path in entries.map(|entry| entry.expect("an entry").path()) {
            let called = format!("`{name}/{}`", path.file_name().expect("a name").display());
            if !stories.contains(&called) {
                untold.push(called);
            }
            run(name, &fs::read(&path).expect("an input"));
        }
    }
    assert!(untold.is_empty(), "tests/fuzz/regressions/README.md tells no story of {untold:?}");
}
