//! Options of one plain value or a list of them (RFC 2132); those with more inside are in [`super::special`].

use super::{special, table};
use crate::dissect::{Cursor, Field, Value};

const PAD: u64 = 0;
const OVERLOAD: u8 = 52;
const END: u64 = 255;

fields! {
    OPTION = Field::number("dhcp.option.type", "Option", "Something that the client needs to know, or the server does.").names(table::OPTIONS);
    LENGTH = Field::number("dhcp.option.length", "Length", "How many bytes the option has behind this one.").unit("bytes");
    OPTION_END = Field::number("dhcp.option.end", "End of options", "What is behind it is padding.");
    PADDING = Field::bytes("dhcp.option.padding", "Padding", "Bytes behind the options.");
    VALUE = Field::bytes("dhcp.option.value", "Value", "The option's bytes.");
    SUBNET_MASK = Field::ipv4("dhcp.option.subnet_mask", "Subnet mask", "Which bits of an address tell the client's own network.");
    ROUTER = Field::ipv4("dhcp.option.router", "Router", "The client's way out of its network.");
    TIME_SERVER = Field::ipv4("dhcp.option.time_server", "Time server", "A server that tells the time (RFC 868).");
    OLD_NAME_SERVER = Field::ipv4("dhcp.option.name_server", "Name server", "A server for names, as they were before DNS.");
    NAME_SERVER = Field::ipv4("dhcp.option.domain_name_server", "Domain name server", "A server to ask for names.");
    LOG_SERVER = Field::ipv4("dhcp.option.log_server", "Log server", "A server that takes log messages.");
    HOST_NAME = Field::text("dhcp.option.hostname", "Host name", "What the client calls itself, or shall.");
    BOOT_FILE_SIZE = Field::number("dhcp.option.boot_file_size", "Boot file size", "How long the boot file is, in blocks of 512 bytes.");
    DOMAIN_NAME = Field::text("dhcp.option.domain_name", "Domain name", "What to append to short names.");
    ROOT_PATH = Field::text("dhcp.option.root_path", "Root path", "Where the client finds its root file system.");
    DATAGRAM_SIZE = Field::number("dhcp.option.max_datagram_reassembly_size", "Maximum datagram reassembly size", "The longest packet that the client should put together from fragments.").unit("bytes");
    DEFAULT_TIME_TO_LIVE = Field::number("dhcp.option.default_ip_ttl", "Default time to live", "The time to live that the client shall put into its packets.");
    INTERFACE_MTU = Field::number("dhcp.option.interface_mtu", "Interface MTU", "The largest packet that the client may send on this link.").unit("bytes");
    BROADCAST = Field::ipv4("dhcp.option.broadcast_address", "Broadcast address", "The address of everybody on the client's network.");
    STATIC_ROUTE_TO = Field::ipv4("dhcp.option.static_route.ip", "Route to", "A host or a network.");
    STATIC_ROUTE_BY = Field::ipv4("dhcp.option.static_route.router", "By router", "The way there.");
    NIS_DOMAIN = Field::text("dhcp.option.nis_domain", "NIS domain", "The client's domain for NIS.");
    NIS_SERVER = Field::ipv4("dhcp.option.nis_server", "NIS server", "A server that knows users and hosts.");
    TIME_PROTOCOL_SERVER = Field::ipv4("dhcp.option.ntp_server", "NTP server", "A server to set the clock by.");
    NETBIOS_SERVER = Field::ipv4("dhcp.option.netbios_over_tcpip_name_server", "NetBIOS name server", "A server for names of Windows of old.");
    NETBIOS_NODE = Field::number("dhcp.option.netbios_over_tcpip_node_type", "NetBIOS node type", "How the client looks for such names.").names(&[(1, "by broadcast"), (2, "by asking servers"), (4, "by broadcast, then servers"), (8, "by servers, then broadcast")]);
    NETBIOS_SCOPE = Field::text("dhcp.option.netbios_over_tcpip_scope", "NetBIOS scope", "Which hosts share such names.");
    REQUESTED_ADDRESS = Field::ipv4("dhcp.option.requested_ip_address", "Requested address", "The address that the client would like to have.");
    LEASE_TIME = Field::number("dhcp.option.ip_address_lease_time", "Lease time", "How long the client may use the address.").unit("seconds");
    OVERLOAD_FIELD = Field::number("dhcp.option.option_overload", "Overload", "Where more options stand.").names(&[(1, "in the place of the boot file"), (2, "in the place of the server name"), (3, "in the place of both")]);
    MESSAGE_TYPE = Field::number("dhcp.option.dhcp", "Message type", "What the message is: a client discovers servers, they offer, it requests one offer, that server acknowledges.").names(table::MESSAGE_TYPES);
    SERVER_IDENTIFIER = Field::ipv4("dhcp.option.dhcp_server_id", "Server identifier", "The server that offers, or whose offer the client takes.");
    REQUESTED_OPTION = Field::number("dhcp.option.request_list_item", "Requested option", "What the client would like to know.").names(table::OPTIONS);
    MESSAGE = Field::text("dhcp.option.message", "Message", "What went wrong, in words.");
    MESSAGE_SIZE = Field::number("dhcp.option.dhcp_max_message_size", "Maximum message size", "The longest message that the client takes.").unit("bytes");
    RENEWAL_TIME = Field::number("dhcp.option.renewal_time_value", "Renewal time", "When the client shall ask its server to prolong the lease.").unit("seconds");
    REBINDING_TIME = Field::number("dhcp.option.rebinding_time_value", "Rebinding time", "When the client shall ask any server to prolong it.").unit("seconds");
    VENDOR_CLASS = Field::text("dhcp.option.vendor_class_id", "Vendor class", "What kind of client it is, by its vendor.");
    BOOT_SERVER_NAME = Field::text("dhcp.option.tftp_server_name", "TFTP server name", "The server from which the client shall boot.");
    BOOT_FILE_NAME = Field::text("dhcp.option.bootfile_name", "Boot file name", "What the client shall load to boot.");
    WEB_SERVER = Field::ipv4("dhcp.option.default_www_server", "Web server", "A web server.");
    MAIL_SERVER = Field::ipv4("dhcp.option.smtp_server", "SMTP server", "A server that takes mail.");
    ARCHITECTURE = Field::number("dhcp.option.client_system_architecture", "Client system architecture", "What kind of machine boots.").names(table::ARCHITECTURES);
    ZONE_POSIX = Field::text("dhcp.option.tz_pcode", "Time zone", "The client's time zone, as POSIX writes it.");
    ZONE_NAME = Field::text("dhcp.option.tz_tcode", "Time zone", "The client's time zone, by its name.");
    PORTAL = Field::text("dhcp.option.captive_portal", "Captive portal", "The page on which users must log in before they get out.");
    AUTOMATIC = Field::number("dhcp.option.dhcp_auto_configuration", "Automatic configuration", "Whether the client may choose an address for itself where it gets none.").names(&[(0, "not allowed"), (1, "allowed")]);
    SUBNET = Field::ipv4("dhcp.option.subnet_selection_option", "Subnet", "The network from which the address shall be.");
    TFTP_SERVER = Field::ipv4("dhcp.option.tftp_server_address", "TFTP server", "The server from which the client shall boot.");
    USAGE = Field::text("dhcp.option.mudurl", "Usage description", "Where the manufacturer says what the device needs to be allowed (RFC 8520).");
    PROXY = Field::text("dhcp.option.private_proxy_autodiscovery", "Proxy configuration", "Where the browser finds which proxy to use.");
    PXE_FILE = Field::text("dhcp.option.pxe_config_file", "PXELINUX configuration file", "The boot loader's configuration.");
    PXE_PREFIX = Field::text("dhcp.option.pxe_path_prefix", "PXELINUX path prefix", "Where the boot loader's files are.");
    ONLY_IPV6 = Field::number("dhcp.option.ipv6_only_wait", "Wait", "How long the client shall do without IPv4 (RFC 8925).").unit("seconds");
}

/// What an option's value is.
#[derive(Clone, Copy)]
enum Shape {
    /// IPv4 addresses.
    Addresses,
    /// Characters.
    Text,
    /// Numbers of so many bytes.
    Numbers(usize),
}

/// The options of plain values.
fn plain(kind: u64) -> Option<(&'static Field, Shape)> {
    use Shape::{Addresses, Numbers, Text};
    Some(match kind {
        1 => (&SUBNET_MASK, Addresses),
        3 => (&ROUTER, Addresses),
        4 => (&TIME_SERVER, Addresses),
        5 => (&OLD_NAME_SERVER, Addresses),
        6 => (&NAME_SERVER, Addresses),
        7 => (&LOG_SERVER, Addresses),
        12 => (&HOST_NAME, Text),
        13 => (&BOOT_FILE_SIZE, Numbers(2)),
        15 => (&DOMAIN_NAME, Text),
        17 => (&ROOT_PATH, Text),
        22 => (&DATAGRAM_SIZE, Numbers(2)),
        23 => (&DEFAULT_TIME_TO_LIVE, Numbers(1)),
        26 => (&INTERFACE_MTU, Numbers(2)),
        28 => (&BROADCAST, Addresses),
        40 => (&NIS_DOMAIN, Text),
        41 => (&NIS_SERVER, Addresses),
        42 => (&TIME_PROTOCOL_SERVER, Addresses),
        44 => (&NETBIOS_SERVER, Addresses),
        46 => (&NETBIOS_NODE, Numbers(1)),
        47 => (&NETBIOS_SCOPE, Text),
        50 => (&REQUESTED_ADDRESS, Addresses),
        51 => (&LEASE_TIME, Numbers(4)),
        52 => (&OVERLOAD_FIELD, Numbers(1)),
        53 => (&MESSAGE_TYPE, Numbers(1)),
        54 => (&SERVER_IDENTIFIER, Addresses),
        55 => (&REQUESTED_OPTION, Numbers(1)),
        56 => (&MESSAGE, Text),
        57 => (&MESSAGE_SIZE, Numbers(2)),
        58 => (&RENEWAL_TIME, Numbers(4)),
        59 => (&REBINDING_TIME, Numbers(4)),
        60 => (&VENDOR_CLASS, Text),
        66 => (&BOOT_SERVER_NAME, Text),
        67 => (&BOOT_FILE_NAME, Text),
        69 => (&MAIL_SERVER, Addresses),
        72 => (&WEB_SERVER, Addresses),
        93 => (&ARCHITECTURE, Numbers(2)),
        100 => (&ZONE_POSIX, Text),
        101 => (&ZONE_NAME, Text),
        108 => (&ONLY_IPV6, Numbers(4)),
        114 => (&PORTAL, Text),
        116 => (&AUTOMATIC, Numbers(1)),
        118 => (&SUBNET, Addresses),
        150 => (&TFTP_SERVER, Addresses),
        161 => (&USAGE, Text),
        209 => (&PXE_FILE, Text),
        210 => (&PXE_PREFIX, Text),
        252 => (&PROXY, Text),
        _ => return None,
    })
}

/// What the option overload says: 1 the boot file, 2 the server name holds options too; 0 where there is none.
pub(super) fn overload(options: &[u8]) -> u8 {
    let mut rest = options;
    loop {
        match *rest {
            [0, ..] => rest = rest.get(1..).unwrap_or_default(),
            [OVERLOAD, 1, value, ..] => return value,
            [255, ..] | [_] | [] => return 0,
            [_, length, ..] => rest = rest.get(2 + usize::from(length)..).unwrap_or_default(),
        }
    }
}

/// Gives options to the end mark, or to the end of the part.
pub(super) fn describe(cursor: &mut Cursor<'_, '_, '_>) -> Option<()> {
    while !cursor.is_done() {
        let kind = cursor.peek(1)?;
        if kind == PAD {
            let zeros = cursor.rest().iter().take_while(|byte| **byte == 0).count();
            cursor.group(&OPTION, zeros, Value::Number(PAD), |cursor| cursor.remainder(&PADDING))?;
            continue;
        }
        if kind == END {
            cursor.group(&OPTION, 1, Value::Number(END), |cursor| cursor.number(&OPTION_END, 1).map(drop))?;
            break;
        }
        let &[_, length] = cursor.slice(2)?.first_chunk::<2>()?;
        cursor.group(&OPTION, 2 + usize::from(length), Value::Number(kind), |cursor| {
            cursor.skip(1)?;
            cursor.number(&LENGTH, 1)?;
            // Where the inside is not as it should be, what is left of it is shown as bytes.
            let _gave_up = describe_one(cursor, kind);
            cursor.remainder(&VALUE)
        })?;
    }
    cursor.remainder(&PADDING)
}

fn describe_one(cursor: &mut Cursor<'_, '_, '_>, kind: u64) -> Option<()> {
    match plain(kind) {
        Some((field, shape)) => describe_plain(cursor, field, shape),
        None if kind == 33 => {
            while cursor.left() >= 8 {
                cursor.ipv4(&STATIC_ROUTE_TO)?;
                cursor.ipv4(&STATIC_ROUTE_BY)?;
            }
            Some(())
        }
        None => special::describe(cursor, kind),
    }
}

fn describe_plain(cursor: &mut Cursor<'_, '_, '_>, field: &'static Field, shape: Shape) -> Option<()> {
    match shape {
        Shape::Addresses => {
            while cursor.left() >= 4 {
                cursor.ipv4(field)?;
            }
        }
        Shape::Text => {
            // Some senders end text with a 0 as C has it.
            let used = cursor.rest().iter().rposition(|byte| *byte != 0).map_or(0, |last| last.saturating_add(1));
            cursor.text(field, used)?;
            if cursor.rest().iter().all(|byte| *byte == 0) {
                let zeros = cursor.rest().len();
                cursor.skip(zeros)?;
            }
        }
        Shape::Numbers(size) => {
            while cursor.left() >= size {
                cursor.number(field, size)?;
            }
        }
    }
    Some(())
}
