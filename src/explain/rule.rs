//! Rules: what can be told, how serious it is, and where what it rests on is specified.

/// How serious a note is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing; nothing is wrong.
    Information,
    /// Something is not as it should be, and may do harm.
    Warning,
    /// Something does not work.
    Problem,
}

/// How often a form that shows frame after frame says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// Once in a run: whoever has read it knows it for all the others.
    Once,
    /// Of each thing that it is true of.
    Each,
}

/// A rule: a statement that the evidence may bear out.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its id, which `wirelore explain` takes: its subject, a dot, and what it says (`route.gateway`).
    pub id: &'static str,
    /// How serious it is where it is true.
    pub severity: Severity,
    /// How often it is said.
    pub repeat: Repeat,
    /// Where what it rests on is specified.
    pub reference: &'static str,
}

impl Rule {
    /// Something worth knowing, said once.
    #[must_use]
    pub const fn lesson(id: &'static str, reference: &'static str) -> Self {
        Self { id, severity: Severity::Information, repeat: Repeat::Once, reference }
    }

    /// Something worth knowing of each thing that it is true of.
    #[must_use]
    pub const fn information(id: &'static str, reference: &'static str) -> Self {
        Self { id, severity: Severity::Information, repeat: Repeat::Each, reference }
    }

    /// Something that is not as it should be.
    #[must_use]
    pub const fn warning(id: &'static str, reference: &'static str) -> Self {
        Self { id, severity: Severity::Warning, repeat: Repeat::Each, reference }
    }

    /// Something that does not work.
    #[must_use]
    pub const fn problem(id: &'static str, reference: &'static str) -> Self {
        Self { id, severity: Severity::Problem, repeat: Repeat::Each, reference }
    }

    /// What it is about: its id up to the dot.
    #[must_use]
    pub fn subject(&self) -> &'static str {
        self.id.split('.').next().unwrap_or(self.id)
    }
}
