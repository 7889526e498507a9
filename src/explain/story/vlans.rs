//! In which VLAN a conversation was held: the same addresses in another are other hosts.

use crate::dissect::link::vlan;
use crate::explain::Scene;
use crate::explain::surroundings::Passage;
use crate::limits::Limits;
use foldhash::fast::RandomState;
use std::collections::HashMap;

/// The tags that conversations were seen with, as in [`crate::explain::LinkId`]; 0 for several: those go from one VLAN to another.
#[derive(Debug, Default)]
pub(super) struct Vlans {
    of: HashMap<u64, u32, RandomState>,
}

impl Vlans {
    /// Takes a frame of a conversation. One without a tag says nothing: a port that is mirrored may leave it out.
    pub(super) fn observe(&mut self, scene: &Scene<'_>) {
        let (_, dissection) = scene.own();
        let is_tag = |protocol| std::ptr::eq(protocol, &vlan::PROTOCOL) || std::ptr::eq(protocol, &vlan::SERVICE_TAG);
        let Some(belongs) = scene.belongs.filter(|_| dissection.layers.get(1).is_some_and(|layer| is_tag(layer.protocol))) else { return };
        let tags = Passage::of(scene).link.tags;
        if let Some(known) = self.of.get_mut(&belongs.conversation) {
            *known = if *known == tags { tags } else { 0 };
        } else if self.of.len() < Limits::STORY_CONVERSATIONS {
            self.of.insert(belongs.conversation, tags);
        }
    }

    /// The tags of a conversation that was held in one VLAN; 0 of others.
    pub(super) fn tags(&self, conversation: u64) -> u32 {
        self.of.get(&conversation).copied().unwrap_or_default()
    }
}
