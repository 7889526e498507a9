//! The names of TLS numbers (IANA's registries of TLS parameters and extensions).

/// Versions, as records and hellos have them.
pub const VERSIONS: &[(u64, &str)] =
    &[(0x0002, "SSL 2.0"), (0x0300, "SSL 3.0"), (0x0301, "TLS 1.0"), (0x0302, "TLS 1.1"), (0x0303, "TLS 1.2"), (0x0304, "TLS 1.3")];

/// What records carry.
pub const CONTENT_TYPES: &[(u64, &str)] =
    &[(20, "Change Cipher Spec"), (21, "Alert"), (22, "Handshake"), (23, "Application Data"), (24, "Heartbeat")];

/// Messages of the handshake.
pub const HANDSHAKE_TYPES: &[(u64, &str)] = &[
    (0, "Hello Request"),
    (1, "Client Hello"),
    (2, "Server Hello"),
    (3, "Hello Verify Request"),
    (4, "New Session Ticket"),
    (5, "End of Early Data"),
    (6, "Hello Retry Request"),
    (8, "Encrypted Extensions"),
    (11, "Certificate"),
    (12, "Server Key Exchange"),
    (13, "Certificate Request"),
    (14, "Server Hello Done"),
    (15, "Certificate Verify"),
    (16, "Client Key Exchange"),
    (20, "Finished"),
    (21, "Certificate URL"),
    (22, "Certificate Status"),
    (23, "Supplemental Data"),
    (24, "Key Update"),
    (25, "Compressed Certificate"),
    (67, "Next Protocol"),
];

/// How bad an alert is.
pub const ALERT_LEVELS: &[(u64, &str)] = &[(1, "warning"), (2, "fatal")];

/// What alerts say.
pub const ALERTS: &[(u64, &str)] = &[
    (0, "close notify"),
    (10, "unexpected message"),
    (20, "bad record MAC"),
    (21, "decryption failed"),
    (22, "record overflow"),
    (30, "decompression failure"),
    (40, "handshake failure"),
    (41, "no certificate"),
    (42, "bad certificate"),
    (43, "unsupported certificate"),
    (44, "certificate revoked"),
    (45, "certificate expired"),
    (46, "certificate unknown"),
    (47, "illegal parameter"),
    (48, "unknown certificate authority"),
    (49, "access denied"),
    (50, "decode error"),
    (51, "decrypt error"),
    (60, "export restriction"),
    (70, "protocol version not supported"),
    (71, "insufficient security"),
    (80, "internal error"),
    (86, "inappropriate fallback"),
    (90, "user canceled"),
    (100, "no renegotiation"),
    (109, "missing extension"),
    (110, "unsupported extension"),
    (111, "certificate unobtainable"),
    (112, "unrecognized name"),
    (113, "bad certificate status response"),
    (114, "bad certificate hash value"),
    (115, "unknown PSK identity"),
    (116, "certificate required"),
    (120, "no application protocol"),
    (121, "ECH required"),
];

/// Extensions of hellos.
pub const EXTENSIONS: &[(u64, &str)] = &[
    (0, "Server name"),
    (1, "Maximum fragment length"),
    (2, "Client certificate URL"),
    (3, "Trusted authorities"),
    (4, "Truncated HMAC"),
    (5, "Certificate status request"),
    (9, "Certificate type"),
    (10, "Supported groups"),
    (11, "Point formats"),
    (12, "Secure remote password"),
    (13, "Signature algorithms"),
    (14, "Secure RTP"),
    (15, "Heartbeat"),
    (16, "Application protocols (ALPN)"),
    (17, "Certificate status request 2"),
    (18, "Signed certificate timestamps"),
    (19, "Client certificate types"),
    (20, "Server certificate types"),
    (21, "Padding"),
    (22, "Encrypt then MAC"),
    (23, "Extended main secret"),
    (24, "Token binding"),
    (25, "Cached information"),
    (27, "Certificate compression"),
    (28, "Record size limit"),
    (34, "Delegated credentials"),
    (35, "Session ticket"),
    (41, "Pre-shared key"),
    (42, "Early data"),
    (43, "Supported versions"),
    (44, "Cookie"),
    (45, "Pre-shared key modes"),
    (47, "Certificate authorities"),
    (48, "OID filters"),
    (49, "Post-handshake authentication"),
    (50, "Certificate signature algorithms"),
    (51, "Key share"),
    (54, "Connection ID"),
    (57, "QUIC transport parameters"),
    (58, "Ticket request"),
    (13172, "Next protocol negotiation"),
    (17513, "Application settings (ALPS, old)"),
    (17613, "Application settings (ALPS)"),
    (30031, "Channel ID (old)"),
    (30032, "Channel ID"),
    (0xfd00, "ECH outer extensions"),
    (0xfe0d, "Encrypted Client Hello (ECH)"),
    (0xff01, "Renegotiation information"),
    (0xffa5, "QUIC transport parameters (draft)"),
    (0xffce, "Encrypted server name (ESNI)"),
];

/// Groups for the exchange of keys.
pub const GROUPS: &[(u64, &str)] = &[
    (0x0001, "sect163k1"),
    (0x0003, "sect163r2"),
    (0x0006, "sect233k1"),
    (0x0007, "sect233r1"),
    (0x0009, "sect283k1"),
    (0x000a, "sect283r1"),
    (0x000b, "sect409k1"),
    (0x000c, "sect409r1"),
    (0x000d, "sect571k1"),
    (0x000e, "sect571r1"),
    (0x0013, "secp192r1"),
    (0x0015, "secp224r1"),
    (0x0016, "secp256k1"),
    (0x0017, "secp256r1"),
    (0x0018, "secp384r1"),
    (0x0019, "secp521r1"),
    (0x001a, "brainpoolP256r1"),
    (0x001b, "brainpoolP384r1"),
    (0x001c, "brainpoolP512r1"),
    (0x001d, "x25519"),
    (0x001e, "x448"),
    (0x001f, "brainpoolP256r1tls13"),
    (0x0020, "brainpoolP384r1tls13"),
    (0x0021, "brainpoolP512r1tls13"),
    (0x0029, "curveSM2"),
    (0x0100, "ffdhe2048"),
    (0x0101, "ffdhe3072"),
    (0x0102, "ffdhe4096"),
    (0x0103, "ffdhe6144"),
    (0x0104, "ffdhe8192"),
    (0x0200, "ML-KEM-512"),
    (0x0201, "ML-KEM-768"),
    (0x0202, "ML-KEM-1024"),
    (0x11eb, "SecP256r1MLKEM768"),
    (0x11ec, "X25519MLKEM768"),
    (0x11ed, "SecP384r1MLKEM1024"),
    (0x6399, "X25519Kyber768Draft00"),
    (0xff01, "explicit prime curves"),
    (0xff02, "explicit binary curves"),
];

/// Signature algorithms.
pub const SIGNATURES: &[(u64, &str)] = &[
    (0x0101, "rsa_pkcs1_md5"),
    (0x0201, "rsa_pkcs1_sha1"),
    (0x0202, "dsa_sha1"),
    (0x0203, "ecdsa_sha1"),
    (0x0301, "rsa_pkcs1_sha224"),
    (0x0302, "dsa_sha224"),
    (0x0303, "ecdsa_sha224"),
    (0x0401, "rsa_pkcs1_sha256"),
    (0x0402, "dsa_sha256"),
    (0x0403, "ecdsa_secp256r1_sha256"),
    (0x0501, "rsa_pkcs1_sha384"),
    (0x0502, "dsa_sha384"),
    (0x0503, "ecdsa_secp384r1_sha384"),
    (0x0601, "rsa_pkcs1_sha512"),
    (0x0602, "dsa_sha512"),
    (0x0603, "ecdsa_secp521r1_sha512"),
    (0x0708, "sm2sig_sm3"),
    (0x0804, "rsa_pss_rsae_sha256"),
    (0x0805, "rsa_pss_rsae_sha384"),
    (0x0806, "rsa_pss_rsae_sha512"),
    (0x0807, "ed25519"),
    (0x0808, "ed448"),
    (0x0809, "rsa_pss_pss_sha256"),
    (0x080a, "rsa_pss_pss_sha384"),
    (0x080b, "rsa_pss_pss_sha512"),
    (0x0904, "mldsa44"),
    (0x0905, "mldsa65"),
    (0x0906, "mldsa87"),
];

/// Ways to compress certificates.
pub const COMPRESSIONS: &[(u64, &str)] = &[(1, "zlib"), (2, "brotli"), (3, "zstd")];

/// The name of a number that browsers send to keep servers used to numbers they do not know (RFC 8701).
#[must_use]
pub fn grease(number: u64) -> Option<&'static str> {
    let (high, low) = (number >> 8, number & 0xff);
    (number <= 0xffff && high == low && low & 15 == 10).then_some("GREASE: to be ignored")
}

/// The name of a version that is only a draft's (0x7f and the draft's number), or GREASE.
#[must_use]
pub fn draft_version(number: u64) -> Option<&'static str> {
    if number >> 8 == 0x7f { Some("TLS 1.3 draft") } else { grease(number) }
}
