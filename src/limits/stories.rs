//! What the story of a capture keeps of it; where what is more is counted, its limit says so.

use super::Limits;

impl Limits {
    /// Frames of one exchange that are named.
    pub const STORY_EXCHANGE_FRAMES: usize = 10_000;
    /// Segments of one exchange that are told apart.
    pub const STORY_SEGMENTS: usize = 1_000_000;
    /// Notes that may sum others up.
    pub const STORY_CAUSES: usize = 64;
    /// Different things of a kind (leases, announcements, reports): more are counted.
    pub const STORY_SHELF: usize = 4_096;
    /// Commands of a dialogue; more are counted.
    pub const STORY_COMMANDS: usize = 32;
    /// Bytes of a command's argument.
    pub const STORY_ARGUMENT: usize = 80;
    /// Frames whose times are kept.
    pub const STORY_TIMES: usize = 262_144;
    /// Times that the clock was set back.
    pub const STORY_SET_BACK: usize = 64;
    /// Things of a kind that one router advertises.
    pub const STORY_ADVERTISED: usize = 8;
    /// Exchanges that are numbered, to be found again.
    pub const STORY_PLACES: usize = 4_000_000;
    /// Exchanges of one conversation; more are counted.
    pub const STORY_EXCHANGES_OF_ONE: usize = 256;
    /// Exchanges of all; more are counted.
    pub const STORY_EXCHANGES: usize = 20_000;
    /// Bytes of their heads.
    pub const STORY_EXCHANGES_BYTES: usize = 32 << 20;
    /// Addresses, prefixes or name servers of one client of DHCPv6.
    pub const STORY_LEASED: usize = 8;
    /// Name servers of one lease.
    pub const STORY_NAME_SERVERS: usize = 8;
    /// Offers to one client.
    pub const STORY_OFFERS: usize = 8;
    /// The latest packets of one ping, one of which may come by once more.
    pub const STORY_PASSED: usize = 64;
    /// Hosts that are known; more are counted.
    pub const STORY_HOSTS: usize = 65_536;
    /// Parts of one host.
    pub const STORY_ROLES: usize = 8;
    /// Hardware addresses of one host.
    pub const STORY_LINKS: usize = 4;
    /// The latest frames, one of which may come by once more.
    pub const STORY_COPIES: usize = 16;
    /// Questions of one ping that wait for their answers; the first makes room.
    pub const STORY_ECHOES: usize = 64;
    /// Conversations whose openings, dialogues and echoes are kept; more are not.
    pub const STORY_CONVERSATIONS: usize = 65_536;
    /// Packets with a small hop limit; more are not remembered.
    pub const STORY_PROBES: usize = 8_192;
    /// Events that a story has; more are counted.
    pub const STORY_EVENTS: usize = 50_000;
    /// Networks that a story names.
    pub const STORY_NETWORKS: usize = 256;
}
