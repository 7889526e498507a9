//! The kernel's machine for classic BPF (net/core/filter.c), and its check of a program before it takes one.

use crate::source::live::Instruction;

/// What the kernel hands to a program.
#[derive(Clone, Debug, Default)]
pub(super) struct Packet {
    pub(super) bytes: Vec<u8>,
    pub(super) protocol: u16,
    pub(super) packet_type: u32,
    pub(super) hardware_type: u16,
    /// The VLAN tag that was taken off: what announced it, and the tag.
    pub(super) tag: Option<(u16, u16)>,
}

impl Packet {
    /// A number, most significant byte first; a program that asks for one that is not there drops the frame.
    fn load(&self, at: u32, size: usize) -> Option<u32> {
        let at = usize::try_from(at).ok()?;
        let bytes = self.bytes.get(at..at.checked_add(size)?)?;
        Some(bytes.iter().fold(0, |number, byte| number << 8 | u32::from(*byte)))
    }

    fn beside(&self, at: u32) -> Option<u32> {
        Some(match at.checked_sub(0xffff_f000)? {
            0 => self.protocol.into(),
            4 => self.packet_type,
            8 => 1,
            28 => self.hardware_type.into(),
            44 => self.tag.map_or(0, |(_, tag)| tag.into()),
            48 => u32::from(self.tag.is_some()),
            60 => self.tag.map_or(0, |(kind, _)| kind.into()),
            other => panic!("{other} is nothing that a program should ask for"),
        })
    }
}

/// Runs a program: how many bytes it keeps.
pub(super) fn run(program: &[Instruction], packet: &Packet) -> u32 {
    let (mut a, mut x, mut memory, mut at) = (0_u32, 0_u32, [0_u32; 16], 0_usize);
    loop {
        let Instruction { code, jump_true, jump_false, value } = program[at];
        at += 1;
        let second = if code & 0x08 != 0 { x } else { value };
        let size = match code & 0x18 {
            0x00 => 4,
            0x08 => 2,
            _ => 1,
        };
        match (code & 0x07, code & 0xe0) {
            (0, 0x20) => match packet.beside(value).filter(|_| size == 4).or_else(|| packet.load(value, size)) {
                Some(number) => a = number,
                None => return 0,
            },
            (0, 0x40) => match packet.load(x.wrapping_add(value), size) {
                Some(number) => a = number,
                None => return 0,
            },
            (0, 0x80) => a = packet.bytes.len() as u32,
            (0, 0x00) => a = value,
            (1, 0x60) => x = memory[value as usize],
            (1, 0xa0) => match packet.load(value, 1) {
                Some(number) => x = (number & 15) * 4,
                None => return 0,
            },
            (2, _) => memory[value as usize] = a,
            (4, _) => {
                a = match code & 0xf0 {
                    0x00 => a.wrapping_add(second),
                    0x10 => a.wrapping_sub(second),
                    0x20 => a.wrapping_mul(second),
                    0x30 | 0x90 if second == 0 => return 0,
                    0x30 => a / second,
                    0x90 => a % second,
                    0x40 => a | second,
                    0x50 => a & second,
                    0x60 => a << (second & 31),
                    0x70 => a >> (second & 31),
                    0x80 => a.wrapping_neg(),
                    0xa0 => a ^ second,
                    other => panic!("{other:#x} is no operation"),
                }
            }
            (5, _) => {
                let holds = match code & 0xf0 {
                    0x00 => {
                        at += value as usize;
                        continue;
                    }
                    0x10 => a == second,
                    0x20 => a > second,
                    0x30 => a >= second,
                    other => panic!("{other:#x} is no comparison"),
                };
                at += usize::from(if holds { jump_true } else { jump_false });
            }
            (6, _) => return value,
            (7, _) => x = a,
            (class, mode) => panic!("{class:#x} {mode:#x} is no instruction"),
        }
    }
}

/// Whether the kernel would take a program (`bpf_check_classic`): what it must not hold, where it holds it.
pub(super) fn check(program: &[Instruction]) -> Result<(), String> {
    const KNOWN: &[u16] = &[
        0x20, 0x28, 0x30, 0x40, 0x48, 0x50, 0x80, 0x00, 0x61, 0xb1, 0x02, 0x07, 0x05, 0x06, 0x15, 0x1d, 0x25, 0x2d, 0x35, 0x3d, 0x04, 0x0c,
        0x14, 0x1c, 0x24, 0x2c, 0x34, 0x3c, 0x44, 0x4c, 0x54, 0x5c, 0x64, 0x74, 0x84, 0x94, 0x9c, 0xa4, 0xac,
    ];
    if program.is_empty() || program.len() > 4096 {
        return Err(format!("{} instructions", program.len()));
    }
    // Every number that is taken up must have been put aside on every way that leads there.
    let mut known_memory = vec![0xffff_u16; program.len()];
    let mut stored = 0_u16;
    for (at, instruction) in program.iter().enumerate() {
        let wrong = |what: &str| Err(format!("{at}: {what}: {instruction:?}"));
        let Instruction { code, jump_true, jump_false, value } = *instruction;
        stored &= known_memory[at];
        let mut reach = |distance: usize, stored: u16| match known_memory.get_mut(at + 1 + distance) {
            Some(known) => {
                *known &= stored;
                true
            }
            None => false,
        };
        match code {
            _ if !KNOWN.contains(&code) => return wrong("unknown"),
            0x34 | 0x94 if value == 0 => return wrong("a division by zero"),
            0x64 | 0x74 if value > 31 => return wrong("a shift too far"),
            0x02 if value < 16 => stored |= 1 << value,
            0x61 if value < 16 && stored & (1 << value) != 0 => {}
            0x02 | 0x61 => return wrong("memory that is not there"),
            0x05 => {
                if !reach(value as usize, stored) {
                    return wrong("a jump too far");
                }
                stored = 0xffff;
            }
            0x15..=0x3d if code & 7 == 5 => {
                if !reach(jump_true.into(), stored) || !reach(jump_false.into(), stored) {
                    return wrong("a jump too far");
                }
                stored = 0xffff;
            }
            _ => {}
        }
    }
    if program.last().is_some_and(|last| last.code == 0x06) { Ok(()) } else { Err("no end".to_owned()) }
}
