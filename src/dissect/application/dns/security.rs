//! Records that prove or restrict: DNSSEC (RFC 4034, 5155), certificates and keys (RFC 4255, 6698, 8659).

use super::message::Message;
use super::{data, table};
use crate::dissect::{Cursor, Field, Value};
use crate::frame::Timestamp;

const USAGES: &[(u64, &str)] = &[
    (0, "this authority must have issued it"),
    (1, "it must be this one, and verify"),
    (2, "this authority is trusted"),
    (3, "this one is trusted"),
    (255, "private"),
];
const SELECTORS: &[(u64, &str)] = &[(0, "whole certificate"), (1, "public key"), (255, "private")];
const MATCHINGS: &[(u64, &str)] = &[(0, "as it is"), (1, "SHA-256"), (2, "SHA-512"), (255, "private")];
const HOST_KEY_ALGORITHMS: &[(u64, &str)] = &[(1, "RSA"), (2, "DSA"), (3, "ECDSA"), (4, "Ed25519"), (6, "Ed448")];
const FINGERPRINTS: &[(u64, &str)] = &[(1, "SHA-1"), (2, "SHA-256")];

fields! {
    DELEGATION_KEY = Field::number("dns.ds.key_id", "Key", "The short number of the key of the zone below.");
    DELEGATION_ALGORITHM = Field::number("dns.ds.algorithm", "Algorithm", "What that key signs with.").names(table::ALGORITHMS);
    DELEGATION_DIGEST_KIND = Field::number("dns.ds.digest_type", "Digest type", "How the digest was computed.").names(table::DIGESTS);
    DELEGATION_DIGEST = Field::bytes("dns.ds.digest", "Digest", "Proves that a key belongs to the zone below.");
    KEY_FLAGS = Field::hexadecimal("dns.dnskey.flags", "Flags", 4, "What the key is for.").bits(&[(0x0100, "zone key"), (0x0080, "revoked"), (0x0001, "key signing key")]);
    KEY_PROTOCOL = Field::number("dns.dnskey.protocol", "Protocol", "Must be 3.");
    KEY_ALGORITHM = Field::number("dns.dnskey.algorithm", "Algorithm", "What the key signs with.").names(table::ALGORITHMS);
    KEY_NUMBER = Field::number("dns.dnskey.key_id", "Key", "The key's short number: worked out from its bytes (RFC 4034 appendix B).");
    KEY = Field::bytes("dns.dnskey.public_key", "Public key", "What signatures of the zone can be verified with.");
    SIGNATURE_COVERS = Field::number("dns.rrsig.type_covered", "Signs", "The type of the records that are signed.").names(table::TYPES);
    SIGNATURE_ALGORITHM = Field::number("dns.rrsig.algorithm", "Algorithm", "How it was signed.").names(table::ALGORITHMS);
    SIGNATURE_LABELS = Field::number("dns.rrsig.labels", "Labels", "How many labels the signed name has; fewer than the record's name where a wildcard was used.");
    SIGNATURE_TIME_TO_LIVE = Field::number("dns.rrsig.original_ttl", "Original time to live", "The records' time to live when they were signed: caches count it down.").unit("seconds");
    SIGNATURE_EXPIRATION = Field::time("dns.rrsig.signature_expiration", "Expires", "When the signature ceases to count.");
    SIGNATURE_INCEPTION = Field::time("dns.rrsig.signature_inception", "Valid from", "When the signature begins to count.");
    SIGNATURE_KEY = Field::number("dns.rrsig.key_tag", "Key", "The short number of the key that signed.");
    SIGNATURE_SIGNER = Field::text("dns.rrsig.signers_name", "Signer", "The zone whose key signed.").presented();
    SIGNATURE = Field::bytes("dns.rrsig.signature", "Signature", "The signature.");
    NEXT_NAME = Field::text("dns.nsec.next_domain_name", "Next name", "The next name of the zone: none exists between this one and that one.").presented();
    TYPE_THERE = Field::number("dns.nsec.type", "Has", "A type of which the name has records; it has none of the types that are not listed.").names(table::TYPES);
    HASH = Field::number("dns.nsec3.algo", "Hash", "How names are hashed, so that nobody can list the zone.").names(&[(1, "SHA-1")]);
    HASH_FLAGS = Field::hexadecimal("dns.nsec3.flags", "Flags", 2, "Whether unsigned names may lie between.").bits(&[(1, "opt-out")]);
    HASH_ITERATIONS = Field::number("dns.nsec3.iterations", "Iterations", "How often the hash is applied again.");
    HASH_SALT = Field::bytes("dns.nsec3.salt_value", "Salt", "Bytes that are hashed with the name.");
    HASH_NEXT = Field::text("dns.nsec3.hash_value", "Next hash", "The next hashed name of the zone, in base32: none exists between this one and that one.");
    ASSOCIATION_USAGE = Field::number("dns.tlsa.certificate_usage", "Usage", "How the server's certificate is to be held against this record.").names(USAGES);
    ASSOCIATION_SELECTOR = Field::number("dns.tlsa.selector", "Selector", "What of it is compared.").names(SELECTORS);
    ASSOCIATION_MATCHING = Field::number("dns.tlsa.matching_type", "Matching", "How it is compared.").names(MATCHINGS);
    ASSOCIATION = Field::bytes("dns.tlsa.certificate_association_data", "Data", "What it must be.");
    HOST_KEY_ALGORITHM = Field::number("dns.sshfp.algorithm", "Algorithm", "What kind of key the host has.").names(HOST_KEY_ALGORITHMS);
    HOST_KEY_KIND = Field::number("dns.sshfp.fingerprint.type", "Fingerprint type", "How the fingerprint was computed.").names(FINGERPRINTS);
    HOST_KEY = Field::bytes("dns.sshfp.fingerprint", "Fingerprint", "The fingerprint of the host's SSH key.");
    PROOF_ALGORITHM = Field::text("dns.tsig.algorithm_name", "Algorithm", "How the message is authenticated.").presented();
    PROOF_TIME = Field::time("dns.tsig.time_signed", "Signed", "When the message was authenticated.");
    PROOF_FUDGE = Field::number("dns.tsig.fudge", "Fudge", "How far the clocks of both sides may be apart.").unit("seconds");
    PROOF_SIZE = Field::number("dns.tsig.mac_size", "Code length", "How many bytes the code has.").unit("bytes");
    PROOF = Field::bytes("dns.tsig.mac", "Message authentication code", "Proves that the message comes from somebody who knows the key.");
    PROOF_IDENTIFIER = Field::hexadecimal("dns.tsig.original_id", "Original transaction", 4, "The transaction's number when the message was authenticated: a forwarder may change it.");
    PROOF_ERROR = Field::number("dns.tsig.error", "Error", "What the server found wrong with the code.").names(table::RESPONSE_CODES);
    PROOF_OTHER_LENGTH = Field::number("dns.tsig.other_len", "Other length", "How many bytes of other data follow.").unit("bytes");
    PROOF_OTHER = Field::bytes("dns.tsig.other_data", "Other data", "The server's clock, where the clocks are too far apart.");
    AUTHORITY_FLAGS = Field::hexadecimal("dns.caa.flags", "Flags", 2, "Whether an authority that does not understand the record must refuse.").bits(&[(0x80, "critical")]);
    AUTHORITY_TAG = Field::text("dns.caa.tag", "Tag", "What the record says: issue, who may issue certificates; iodef, whom to tell of attempts.");
    AUTHORITY_VALUE = Field::text("dns.caa.value", "Value", "The authority, or the address.");
}

/// Gives the data of a record of one of [`table::SECURITY_TYPES`].
pub(super) fn describe<'a>(message: Message<'a>, cursor: &mut Cursor<'_, 'a, '_>, kind: u64) -> Option<()> {
    match kind {
        43 | 59 | 32769 => {
            cursor.number(&DELEGATION_KEY, 2)?;
            cursor.number(&DELEGATION_ALGORITHM, 1)?;
            cursor.number(&DELEGATION_DIGEST_KIND, 1)?;
            cursor.remainder(&DELEGATION_DIGEST)
        }
        25 | 48 | 60 => describe_key(cursor),
        24 | 46 => describe_signature(message, cursor),
        47 => {
            message.name(cursor, &NEXT_NAME)?;
            describe_types(cursor)
        }
        50 => {
            describe_hash(cursor)?;
            let length = cursor.peek_length(1)?;
            cursor.skip(1)?;
            let hash = cursor.slice(length)?;
            let mut text = [0; 408];
            let text = base32(hash, &mut text);
            cursor.value(&HASH_NEXT, length, Value::Text(text))?;
            describe_types(cursor)
        }
        51 => describe_hash(cursor),
        52 | 53 => {
            cursor.number(&ASSOCIATION_USAGE, 1)?;
            cursor.number(&ASSOCIATION_SELECTOR, 1)?;
            cursor.number(&ASSOCIATION_MATCHING, 1)?;
            cursor.remainder(&ASSOCIATION)
        }
        44 => {
            cursor.number(&HOST_KEY_ALGORITHM, 1)?;
            cursor.number(&HOST_KEY_KIND, 1)?;
            cursor.remainder(&HOST_KEY)
        }
        250 => describe_proof(message, cursor),
        257 => {
            cursor.number(&AUTHORITY_FLAGS, 1)?;
            data::string(cursor, &AUTHORITY_TAG)?;
            let value = cursor.rest().len();
            cursor.text(&AUTHORITY_VALUE, value)?;
            Some(())
        }
        _ => Some(()),
    }
}

fn describe_key(cursor: &mut Cursor<'_, '_, '_>) -> Option<()> {
    let whole = cursor.rest().len() == cursor.left();
    let number = cursor.rest().chunks(2).fold(0u32, |sum, pair| match *pair {
        [high, low] => sum.wrapping_add(u32::from(u16::from_be_bytes([high, low]))),
        [high] => sum.wrapping_add(u32::from(high) << 8),
        _ => sum,
    });
    cursor.number(&KEY_FLAGS, 2)?;
    cursor.number(&KEY_PROTOCOL, 1)?;
    // Of RSA/MD5 the number is taken out of the key instead: nobody uses it any more.
    if cursor.number(&KEY_ALGORITHM, 1)? != 1 && whole {
        cursor.worked_out(&KEY_NUMBER, Value::Number(u64::from(number.wrapping_add(number >> 16) & 0xffff)));
    }
    cursor.remainder(&KEY)
}

fn describe_signature<'a>(message: Message<'a>, cursor: &mut Cursor<'_, 'a, '_>) -> Option<()> {
    cursor.number(&SIGNATURE_COVERS, 2)?;
    cursor.number(&SIGNATURE_ALGORITHM, 1)?;
    cursor.number(&SIGNATURE_LABELS, 1)?;
    cursor.number(&SIGNATURE_TIME_TO_LIVE, 4)?;
    for field in [&SIGNATURE_EXPIRATION, &SIGNATURE_INCEPTION] {
        let moment = i64::try_from(cursor.peek(4)?).ok()?;
        cursor.value(field, 4, Value::Time(Timestamp::from_parts(moment, 0)))?;
    }
    cursor.number(&SIGNATURE_KEY, 2)?;
    message.name(cursor, &SIGNATURE_SIGNER)?;
    cursor.remainder(&SIGNATURE)
}

/// A transaction signature (RFC 8945 section 4.2).
fn describe_proof<'a>(message: Message<'a>, cursor: &mut Cursor<'_, 'a, '_>) -> Option<()> {
    message.name(cursor, &PROOF_ALGORITHM)?;
    let moment = i64::try_from(cursor.peek(6)?).ok()?;
    cursor.value(&PROOF_TIME, 6, Value::Time(Timestamp::from_parts(moment, 0)))?;
    cursor.number(&PROOF_FUDGE, 2)?;
    let size = cursor.length(&PROOF_SIZE, 2)?;
    cursor.bytes(&PROOF, size)?;
    cursor.number(&PROOF_IDENTIFIER, 2)?;
    cursor.number(&PROOF_ERROR, 2)?;
    let length = cursor.length(&PROOF_OTHER_LENGTH, 2)?;
    cursor.bytes(&PROOF_OTHER, length)?;
    Some(())
}

fn describe_hash(cursor: &mut Cursor<'_, '_, '_>) -> Option<()> {
    cursor.number(&HASH, 1)?;
    cursor.number(&HASH_FLAGS, 1)?;
    cursor.number(&HASH_ITERATIONS, 2)?;
    let salt = cursor.peek_length(1)?;
    cursor.skip(1)?;
    cursor.bytes(&HASH_SALT, salt)?;
    Some(())
}

/// Gives the types of a bit map (RFC 4034 section 4.1.2): windows of 256 types, each with its number, its length and its bits.
#[expect(clippy::arithmetic_side_effects, reason = "a window of 8 bits times 256, and at most 8 for each of its bytes")]
fn describe_types(cursor: &mut Cursor<'_, '_, '_>) -> Option<()> {
    while !cursor.is_done() {
        let window = cursor.peek(1)?;
        cursor.skip(1)?;
        let length = cursor.peek_length(1)?;
        cursor.skip(1)?;
        let whole = length <= cursor.rest().len();
        let mut part = cursor.part(length);
        let mut first = window << 8;
        while let Some(bits) = part.peek(1) {
            for bit in (0..8).filter(|bit| bits & 0x80 >> bit != 0) {
                part.worked_out(&TYPE_THERE, Value::Number(first + bit));
            }
            part.skip(1)?;
            first += 8;
        }
        if !whole {
            return None;
        }
    }
    Some(())
}

/// Writes bytes in base32 with the extended hexadecimal alphabet, without padding (RFC 4648 section 7), as names of NSEC3 records have it.
#[expect(clippy::arithmetic_side_effects, reason = "groups of 5 bytes are at most 8 digits, and 35 is seven times 5")]
fn base32<'t>(bytes: &[u8], text: &'t mut [u8]) -> &'t [u8] {
    const ALPHABET: &[u8; 32] = b"0123456789abcdefghijklmnopqrstuv";
    let mut length = 0;
    for group in bytes.chunks(5) {
        let mut padded = [0; 5];
        padded.iter_mut().zip(group).for_each(|(place, byte)| *place = *byte);
        let number = padded.iter().fold(0u64, |number, byte| number << 8 | u64::from(*byte));
        let digits = (group.len() * 8).div_ceil(5);
        for digit in 0..digits {
            let value = number >> (35 - 5 * digit) & 31;
            if let (Some(place), Some(character)) = (text.get_mut(length), ALPHABET.get(value as usize)) {
                *place = *character;
                length += 1;
            }
        }
    }
    text.get(..length).unwrap_or_default()
}
