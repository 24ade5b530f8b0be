//! Where a command stands: the repository, the configuration that counts, and the projects that it finds.

use crate::config::{self, Config};
use crate::failure::Failure;
use crate::git::{Entry, Mode, ObjectId, Repository, Staged, subtree_id};
use crate::history::layout::{self, Project, Track};
use crate::suites::inputs::at;
use crate::system::{files, listing};
use crate::views::words;
use crate::world::World;
use bstr::{BStr, BString};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Everything that a command needs to know of where it stands.
pub struct Ground {
    /// The repository.
    pub repo: Repository,
    /// The configuration that counts for this command.
    pub config: Config,
    /// The files that the projects were found in: a tree's or the index's.
    pub entries: Vec<Entry>,
    /// Paths of the index that are in conflict.
    pub conflicts: Vec<BString>,
    /// Directories of the index whose trees git has made already.
    trees: BTreeMap<BString, ObjectId>,
    /// The projects, with their tracks.
    pub projects: Vec<Project>,
}

impl Ground {
    /// For most commands: the configuration of the work tree (of HEAD, in a bare repository), and the projects of the index.
    pub fn of_work_tree(world: &World) -> Result<Ground, Failure> {
        let repo = Repository::open(&world.cwd)?;
        let Some(top) = repo.work_tree() else {
            let head = repo.head()?;
            return Self::assemble(world, repo, head);
        };
        let config = written_config(world, top)?;
        let staged = repo.staged()?;
        Ok(Self::found(repo, config, staged))
    }

    /// For what tests the work tree: its configuration, and the projects of all its files that git does not ignore, as they stand.
    pub fn of_work_files(world: &World) -> Result<Ground, Failure> {
        let repo = Repository::open(&world.cwd)?;
        let config = written_config(world, repo.needs_work_tree()?)?;
        let entries = repo.work_tree_entries()?;
        Ok(Self::found(repo, config, Staged { entries, ..Staged::default() }))
    }

    /// For hooks: the configuration and the projects of what is staged.
    pub fn of_index(world: &World) -> Result<Ground, Failure> {
        let repo = glance(world)?;
        let staged = repo.staged_in(&index(world, &repo))?;
        let kept = |file: &str| {
            let entry = staged.entries.iter().find(|e| e.path == file);
            readable(&repo, entry.map(|e| e.id), &format!("the staged {file}"))
        };
        let config = configured(world, present(kept(config::FILE)?), &kept)?;
        Ok(Self::found(repo, config, staged))
    }

    /// For `--at REV`: the configuration and the projects of that commit.
    pub fn of_commit(world: &World, commit: ObjectId) -> Result<Ground, Failure> {
        let repo = Repository::open(&world.cwd)?;
        Self::assemble(world, repo, Some(commit))
    }

    /// For `push = "all"`: the projects of that commit, under the configuration of another.
    pub fn of_commit_under(world: &World, commit: ObjectId, config: Config) -> Result<Ground, Failure> {
        let repo = Repository::open(&world.cwd)?;
        let entries = repo.entries(repo.tree_of(commit)?)?;
        Ok(Self::found(repo, config, Staged { entries, ..Staged::default() }))
    }

    fn assemble(world: &World, repo: Repository, commit: Option<ObjectId>) -> Result<Ground, Failure> {
        let config = committed_config(world, &repo, commit)?;
        let entries = commit.map_or(Ok(Vec::new()), |commit| repo.entries(repo.tree_of(commit)?))?;
        Ok(Self::found(repo, config, Staged { entries, ..Staged::default() }))
    }

    fn found(repo: Repository, config: Config, staged: Staged) -> Ground {
        let name = repository_name(&repo);
        let Staged { entries, conflicts, trees } = staged;
        let projects = layout::projects(&entries, &config, &name);
        Ground { repo, config, entries, conflicts, trees, projects }
    }

    /// The tree that `place` would be in a commit of the entries, or the object of the file there; none where nothing is.
    pub fn object(&self, place: &BStr) -> Option<ObjectId> {
        self.item(place).map(|(_, id)| id)
    }

    /// As [`Ground::object`], with the mode of a file (none for a tree).
    pub fn item(&self, place: &BStr) -> Option<(Option<Mode>, ObjectId)> {
        match at(&self.entries, place) {
            [one] if one.path == place => Some((Some(one.mode), one.id)),
            inside => self.trees.get(place).copied().or_else(|| subtree_id(inside, place)).map(|id| (None, id)),
        }
    }

    /// As [`project`], among its own.
    pub fn project(&self, id: &str) -> Result<&Project, Failure> {
        project(&self.projects, id)
    }

    /// Every track with its project.
    pub fn tracks(&self) -> impl Iterator<Item = (&Project, &Track)> {
        self.projects.iter().flat_map(|p| p.tracks.iter().map(move |t| (p, t)))
    }
}

/// The project called `id`, or whose directory it is.
///
/// # Errors
/// There is none: kind `Usage`, with the one that was probably meant.
pub fn project<'p>(projects: &'p [Project], id: &str) -> Result<&'p Project, Failure> {
    let wanted = id.trim_end_matches('/');
    if let Some(project) = projects.iter().find(|p| p.id == wanted || p.path == wanted) {
        return Ok(project);
    }
    // `15` and `api-rate-limiter` are enough for 15-api-rate-limiter.
    let is_short = |project: &&Project| {
        let parts = project.id.split_once('-').filter(|(number, _)| number.bytes().all(|b| b.is_ascii_digit()));
        parts.is_some_and(|(number, name)| {
            name == wanted || number == wanted || number.trim_start_matches('0') == wanted
        })
    };
    let short: Vec<&Project> = projects.iter().filter(is_short).collect();
    if let [one] = short[..] {
        return Ok(one);
    }
    let known: Vec<&str> = projects.iter().map(|p| p.id.as_str()).collect();
    let failure = Failure::usage(format!("no project is called {id:?} here"));
    Err(match words::nearest(wanted, known.iter().copied()) {
        Some(near) => failure.hint(format!("did you mean {near}?")),
        None if known.is_empty() => failure.hint("`mastery projects` lists the ones to start with"),
        None => failure.hint(format!("there are: {}", known.join(", "))),
    })
}

/// The index that git's environment names, else the work tree's own.
pub fn index(world: &World, repo: &Repository) -> PathBuf {
    let named = world.env.get("GIT_INDEX_FILE").map(|file| world.resolve(Path::new(file)));
    named.unwrap_or_else(|| repo.git_dir().join("index"))
}

/// The repository that a hook stands in, opened as fast as can be.
///
/// # Errors
/// As [`Repository::open`].
pub fn glance(world: &World) -> Result<Repository, Failure> {
    /// With one of these, git is told where something is, or where its settings are.
    const TOLD: [&str; 11] = [
        "GIT_DIR",
        "GIT_WORK_TREE",
        "GIT_COMMON_DIR",
        "GIT_OBJECT_DIRECTORY",
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_NAMESPACE",
        "GIT_CEILING_DIRECTORIES",
        "GIT_DISCOVERY_ACROSS_FILESYSTEM",
        "GIT_CONFIG",
        "GIT_CONFIG_GLOBAL",
        "GIT_CONFIG_SYSTEM",
    ];
    let home = world.env.get("HOME").map(Path::new);
    let personal = world.env.get("XDG_CONFIG_HOME").map(PathBuf::from).or_else(|| Some(home?.join(".config")));
    match (home, personal) {
        (Some(home), Some(personal)) if !TOLD.iter().any(|name| world.env.get(name).is_some()) => {
            let settings = vec!["/etc/gitconfig".into(), personal.join("git/config"), home.join(".gitconfig")];
            Repository::glance(&world.cwd, settings)
        }
        _ => Repository::open(&world.cwd),
    }
}

/// For the status: the repository, the configuration of the work tree (of HEAD, in a bare repository) and the commit at HEAD; or what
/// `revision` names, with its own configuration. No commit is there before the first.
pub fn standing(world: &World, revision: Option<&str>) -> Result<(Repository, Config, Option<ObjectId>), Failure> {
    let repo = Repository::open(&world.cwd)?;
    let commit = match revision {
        Some(revision) => Some(repo.commit_named(revision)?),
        None => repo.head()?,
    };
    let config = match repo.work_tree() {
        Some(top) if revision.is_none() => written_config(world, top)?,
        _ => committed_config(world, &repo, commit)?,
    };
    Ok((repo, config, commit))
}

/// The configuration of the work tree at `top`: `--config`, else its file, else the defaults.
pub fn written_config(world: &World, top: &Path) -> Result<Config, Failure> {
    let text = files::read(&top.join(config::FILE))?.map(|bytes| (bytes, config::FILE.to_owned()));
    configured(world, text, &|file| Ok((files::read(&top.join(file))?, file.to_owned())))
}

/// The configuration of a commit: `--config`, else its file, else the defaults.
fn committed_config(world: &World, repo: &Repository, commit: Option<ObjectId>) -> Result<Config, Failure> {
    let tree = commit.map(|commit| repo.tree_of(commit)).transpose()?;
    let kept = |file: &str| {
        let origin = commit.map_or_else(|| file.to_owned(), |id| format!("{}:{file}", id.short()));
        // A directory of that name is no file.
        let found = tree.and_then(|tree| repo.item_at(tree, BStr::new(file))).filter(|(mode, _)| mode.is_some());
        readable(repo, found.map(|(_, id)| id), &origin)
    };
    configured(world, present(kept(config::FILE)?), &kept)
}

/// What a file holds, if it is there, and what it is called in an error.
type Found = (Option<Vec<u8>>, String);

/// The configuration of `--config` where it was given, else of `text` (with where it came from), else the defaults; with the
/// curriculum that it names, which `read` finds.
fn configured(
    world: &World,
    text: Option<(Vec<u8>, String)>,
    read: &dyn Fn(&str) -> Result<Found, Failure>,
) -> Result<Config, Failure> {
    let text = match &world.config_file {
        Some(path) => {
            let bytes = files::read(path)?.ok_or_else(|| {
                Failure::usage(format!("--config: there is no file {}", path.display())).hint("check the path")
            })?;
            Some((bytes, path.display().to_string()))
        }
        None => text,
    };
    let Some((bytes, origin)) = text else { return Ok(Config::default()) };
    let mut config = config::parse_bytes(&bytes, &origin)?;
    if !config.curriculum.file.is_empty() {
        let (bytes, called) = read(&config.curriculum.file)?;
        let bytes = bytes.ok_or_else(|| {
            Failure::usage(format!("[curriculum] in {origin} names a file that is not there: {called}"))
                .hint("write it, and stage it where it is to count; or take the line out")
        })?;
        config.catalogue = config::catalogue(&bytes, &called)?;
    }
    Ok(config)
}

/// What the file holds whose content is called `id`, if there is one.
///
/// # Errors
/// The content is not there: kind `Missing`. To go on without would switch off what it says.
fn readable(repo: &Repository, id: Option<ObjectId>, origin: &str) -> Result<Found, Failure> {
    let Some(id) = id else { return Ok((None, origin.to_owned())) };
    let bytes = repo.blob(id).ok_or_else(|| {
        Failure::missing(format!("can't read {origin}: its content, {id}, is damaged or not here"))
            .hint("`git fsck` says what is damaged; in a partial clone `git cat-file -p` with that id fetches it")
    })?;
    Ok((Some(bytes), origin.to_owned()))
}

fn present((bytes, origin): Found) -> Option<(Vec<u8>, String)> {
    bytes.map(|bytes| (bytes, origin))
}

/// What to call the project at the root of a repository: the name of its work tree's directory, or of the bare repository's.
pub fn repository_name(repo: &Repository) -> String {
    let path = repo.work_tree().unwrap_or_else(|| repo.git_dir());
    let name = |p: &Path| {
        p.file_name().map(|n| n.to_string_lossy().trim_end_matches(".git").to_owned()).filter(|n| !n.is_empty())
    };
    name(path).unwrap_or_else(|| "project".into())
}

/// What lies in the work tree or the index: on the first day nothing is staged.
pub fn paths(repo: &Repository, top: &Path) -> Result<Vec<BString>, Failure> {
    let mut paths = listing::work_tree(top);
    paths.extend(repo.staged()?.entries.into_iter().map(|entry| entry.path));
    paths.sort();
    paths.dedup();
    Ok(paths)
}

/// A tracked symbolic link must not carry a write out of the repository.
pub fn stays_inside(top: &Path, path: &Path) -> Result<(), Failure> {
    let there = path.ancestors().skip(1).find_map(|p| p.canonicalize().ok().map(|real| (p, real)));
    match (there, top.canonicalize()) {
        (Some((_, real)), Ok(top)) if real.starts_with(&top) => Ok(()),
        (Some((p, real)), _) => Err(Failure::missing(format!(
            "{} leads out of the repository, to {}; nothing was written",
            p.display(),
            real.display()
        ))
        .hint("replace the symbolic link by a directory, or name another one in .mastery.toml")),
        (None, _) => Err(Failure::missing(format!("there is no directory above {}", path.display()))),
    }
}
