//! The language's page speaks of filters that are some.

use crate::support::repository;
use wirelore::filter::Filter;

#[test]
fn examples_of_the_manual_are_filters() {
    let page = std::fs::read_to_string(repository("man/wirelore-filter.7")).expect("the page is there");
    let mut examples = 0;
    for block in page.split(".EX\n").skip(1) {
        for line in block.split(".EE").next().unwrap_or_default().lines() {
            let expression = line.replace("\\(dq", "\"").replace("\\(ha", "^").replace("\\-", "-").replace("\\e", "\\");
            if let Err(error) = Filter::parse(&expression) {
                panic!("{expression}: {error}");
            }
            examples += 1;
        }
    }
    assert!(examples > 40, "only {examples} examples were found");
}
