//! Why privileges cannot be dropped, or a namespace not be entered.

use std::io;

/// Why privileges cannot be dropped, or a namespace not be entered.
#[derive(Debug, thiserror::Error)]
pub enum PrivilegeError {
    /// Other threads would keep what this one gives up.
    #[error("privileges cannot be dropped: {threads} threads run")]
    Threads {
        /// How many there are, this one among them.
        threads: usize,
    },
    /// The folder of the output cannot be opened.
    #[error("{folder}: {source}")]
    Folder {
        /// The folder.
        folder: String,
        /// Why not.
        source: io::Error,
    },
    /// Root's identity cannot be given up.
    #[error(
        "user {user} cannot take over from root, and nothing is captured as root: {source}; it takes CAP_SETUID and CAP_SETGID (in a container \
         `--cap-add=SETUID --cap-add=SETGID`)"
    )]
    Root {
        /// Who was to take over.
        user: u32,
        /// Why not.
        source: io::Error,
    },
    /// The program is setuid or setgid.
    #[error(
        "{program} is setuid or setgid (user {} and group {} run it as user {} and group {}), and would read and write files that are not \
         theirs to whoever runs it; `{command}` lets all capture and no more",
        real.0, real.1, effective.0, effective.1
    )]
    SetUser {
        /// The program's file, as a word for the shell.
        program: String,
        /// Who runs it: user and group.
        real: (u32, u32),
        /// Whose rights it has: user and group.
        effective: (u32, u32),
        /// What mends it.
        command: String,
    },
    /// Capabilities are still there.
    #[error("capabilities remain that were to be dropped: {capabilities:#x}")]
    Remain {
        /// A bit for each (capabilities(7)).
        capabilities: u64,
    },
    /// There is no network namespace of that name.
    #[error("{name}: there is no such network namespace{}", others(nearest.as_deref(), there))]
    NoSuchNamespace {
        /// The name that was given.
        name: String,
        /// The one whose name is nearly the same.
        nearest: Option<String>,
        /// All that have a name.
        there: Vec<String>,
    },
    /// There is no such process.
    #[error("there is no process {process}, and no network namespace of that name")]
    NoSuchProcess {
        /// Its number.
        process: String,
    },
    /// The file is not a network namespace.
    #[error("{name} is not a network namespace")]
    NotANamespace {
        /// What was given.
        name: String,
    },
    /// Entering the namespace is not allowed.
    #[error("{name}: entering another network namespace takes CAP_SYS_ADMIN; `{command}` enters it")]
    NotAllowed {
        /// What was given.
        name: String,
        /// What does it.
        command: String,
    },
    /// The kernel refused.
    #[error("{what}: {source}")]
    Kernel {
        /// What it was asked for.
        what: &'static str,
        /// Why not.
        source: io::Error,
    },
}

impl PrivilegeError {
    /// What the kernel refused.
    pub(super) fn kernel<E: Into<io::Error>>(what: &'static str) -> impl Fn(E) -> Self {
        move |source| Self::Kernel { what, source: source.into() }
    }
}

fn others(nearest: Option<&str>, there: &[String]) -> String {
    match nearest {
        Some(nearest) => format!("; did you mean {nearest}?"),
        None if there.is_empty() => "; there is none that has a name (`ip netns`)".to_owned(),
        None => format!("; there are {}", there.join(", ")),
    }
}
