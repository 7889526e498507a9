//! The names of Telnet's numbers (IANA's registry of Telnet options).

/// Options.
pub const OPTIONS: &[(u8, &str)] = &[
    (0, "binary transmission"),
    (1, "echo"),
    (2, "reconnection"),
    (3, "suppress go ahead"),
    (5, "status"),
    (6, "timing mark"),
    (7, "remote controlled transmission and echo"),
    (10, "output carriage-return disposition"),
    (17, "extended ASCII"),
    (18, "logout"),
    (19, "byte macro"),
    (20, "data entry terminal"),
    (21, "SUPDUP"),
    (22, "SUPDUP output"),
    (23, "send location"),
    (24, "terminal type"),
    (25, "end of record"),
    (26, "TACACS user identification"),
    (27, "output marking"),
    (28, "terminal location number"),
    (29, "3270 regime"),
    (30, "X.3 PAD"),
    (31, "window size"),
    (32, "terminal speed"),
    (33, "remote flow control"),
    (34, "line mode"),
    (35, "X display location"),
    (36, "environment (old)"),
    (37, "authentication"),
    (38, "encryption"),
    (39, "environment"),
    (40, "TN3270E"),
    (42, "character set"),
    (44, "com port control"),
    (45, "suppress local echo"),
    (46, "start TLS"),
    (47, "KERMIT"),
    (69, "MUD server data"),
    (70, "MUD server status"),
    (85, "MUD compression 1"),
    (86, "MUD compression 2"),
    (90, "MUD sound"),
    (91, "MUD extension"),
    (201, "generic MUD communication"),
    (255, "extended options list"),
];

/// Commands without an option (RFC 854, RFC 885, RFC 1184).
pub const COMMANDS: &[(u8, &str)] = &[
    (236, "end of file"),
    (237, "suspend"),
    (238, "abort"),
    (239, "end of record"),
    (240, "end of details"),
    (241, "no operation"),
    (242, "data mark"),
    (243, "break"),
    (244, "interrupt process"),
    (245, "abort output"),
    (246, "are you there"),
    (247, "erase character"),
    (248, "erase line"),
    (249, "go ahead"),
];

/// The option "terminal type" (RFC 1091).
pub const TERMINAL_TYPE: u8 = 24;
/// The option "window size" (RFC 1073).
pub const WINDOW_SIZE: u8 = 31;
/// The option "terminal speed" (RFC 1079).
pub const TERMINAL_SPEED: u8 = 32;
/// The option "X display location" (RFC 1096).
pub const X_DISPLAY: u8 = 35;
/// The option "environment" (RFC 1572).
pub const ENVIRONMENT: u8 = 39;

/// The name of a number.
#[must_use]
pub fn name(names: &[(u8, &'static str)], number: u8) -> Option<&'static str> {
    names.iter().find(|(known, _)| *known == number).map(|(_, name)| *name)
}
