//! How software is installed on this system.

/// The package manager that commands are written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Platform {
    /// Debian and Ubuntu.
    Apt,
    /// Homebrew.
    Brew,
    /// Fedora and its kin.
    Dnf,
    /// Arch.
    Pacman,
    /// Alpine.
    Apk,
    /// Something else.
    Other,
}

impl Platform {
    /// The one whose program is there; on macOS nothing but Homebrew counts.
    pub fn detect(is_macos: bool, has: impl Fn(&str) -> bool) -> Platform {
        let known = [
            ("apt-get", Platform::Apt),
            ("dnf", Platform::Dnf),
            ("pacman", Platform::Pacman),
            ("apk", Platform::Apk),
            ("brew", Platform::Brew),
        ];
        if is_macos {
            return Platform::Brew;
        }
        known.into_iter().find(|(program, _)| has(program)).map_or(Platform::Other, |(_, platform)| platform)
    }

    /// Its name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Platform::Apt => "apt",
            Platform::Brew => "brew",
            Platform::Dnf => "dnf",
            Platform::Pacman => "pacman",
            Platform::Apk => "apk",
            Platform::Other => "other",
        }
    }

    /// The command that installs `package`; none where we don't know this system.
    pub fn install(self, package: &str) -> Option<String> {
        Some(match self {
            Platform::Apt => format!("sudo apt-get install {package}"),
            Platform::Brew => format!("brew install {package}"),
            Platform::Dnf => format!("sudo dnf install {package}"),
            Platform::Pacman => format!("sudo pacman -S {package}"),
            Platform::Apk => format!("sudo apk add {package}"),
            Platform::Other => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_systems_own_manager_comes_before_homebrew_except_on_macos() {
        assert_eq!(Platform::detect(false, |_| true), Platform::Apt);
        assert_eq!(Platform::detect(true, |_| true), Platform::Brew);
        assert_eq!(Platform::detect(false, |p| p == "brew"), Platform::Brew);
        assert_eq!(Platform::detect(false, |_| false), Platform::Other);
    }
}
