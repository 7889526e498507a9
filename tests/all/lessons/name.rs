//! What proves the rules on name.

use super::{Case, hold};

const CASES: &[Case] = &[];

#[test]
fn each_rule_is_fired_by_its_capture_and_not_by_the_near_miss() {
    hold("name", CASES);
}
