//! Who runs a command that takes root.

use std::env;

/// How a command is run as root.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Administrator {
    /// As it is: root asks.
    Root,
    /// By sudo(8).
    #[default]
    Sudo,
    /// By su(1): sudo is not installed.
    Su,
}

impl Administrator {
    /// How whoever runs this is to do it.
    #[must_use]
    pub fn here() -> Self {
        #[cfg(target_os = "linux")]
        if rustix::process::geteuid().is_root() {
            return Self::Root;
        }
        Self::outside()
    }

    /// How it is to be done by a user of this machine, whatever identity runs this.
    #[must_use]
    pub fn outside() -> Self {
        let folders = env::var_os("PATH").unwrap_or_default();
        if env::split_paths(&folders).any(|folder| folder.join("sudo").is_file()) { Self::Sudo } else { Self::Su }
    }

    /// The command line that runs these, one after another.
    #[must_use]
    pub fn command(self, commands: &[&str]) -> String {
        match self {
            Self::Root => commands.join(" && "),
            Self::Sudo => commands.iter().map(|command| format!("sudo {command}")).collect::<Vec<_>>().join(" && "),
            Self::Su => format!("su -c '{}'", commands.join(" && ").replace('\'', r"'\''")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Administrator::{Root, Su, Sudo};

    #[test]
    fn each_runs_all_of_it() {
        let commands = ["install -m 755 '/my tools/x' /bin/x", "setcap y /bin/x"];
        assert_eq!(Root.command(&commands), "install -m 755 '/my tools/x' /bin/x && setcap y /bin/x");
        assert_eq!(Sudo.command(&commands), "sudo install -m 755 '/my tools/x' /bin/x && sudo setcap y /bin/x");
        assert_eq!(Su.command(&commands), r"su -c 'install -m 755 '\''/my tools/x'\'' /bin/x && setcap y /bin/x'");
    }
}
