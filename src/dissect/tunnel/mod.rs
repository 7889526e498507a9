//! What wraps packets in packets.
