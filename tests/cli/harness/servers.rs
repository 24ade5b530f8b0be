//! Real servers on loopback, each on a free port, with its data in a directory of its own. They end when they are dropped.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// A server that runs until this is dropped.
pub struct Server {
    /// Where it listens on 127.0.0.1.
    pub port: u16,
    child: Child,
    home: tempfile::TempDir,
    /// What ends the daemon that Erlang leaves behind.
    last: Option<Command>,
}

impl Drop for Server {
    fn drop(&mut self) {
        let group = rustix::process::Pid::from_child(&self.child);
        // What these servers take as "end now".
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::QUIT);
        let asked = Instant::now();
        while matches!(self.child.try_wait(), Ok(None)) && asked.elapsed() < Duration::from_secs(5) {
            thread::sleep(Duration::from_millis(10));
        }
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        let _ = self.child.wait();
        // It refuses while the server is still on its list.
        if let Some(last) = &mut self.last {
            let asked = Instant::now();
            while last.output().is_ok_and(|out| !String::from_utf8_lossy(&out.stdout).contains("Killed"))
                && asked.elapsed() < Duration::from_secs(10)
            {
                thread::sleep(Duration::from_millis(50));
            }
        }
        let _ = fs::remove_dir_all(self.home.path());
    }
}

/// A port that was free a moment ago.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// The program, looked for on PATH and in Debian's own places; where it is not installed the test says loudly that it was not run,
/// and fails in CI.
pub fn program(name: &str, package: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut places: Vec<PathBuf> = std::env::split_paths(&path).collect();
    places.extend(["/usr/sbin".into(), "/usr/lib/rabbitmq/bin".into()]);
    let mut versions: Vec<PathBuf> =
        fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|e| e.path().join("bin")).collect();
    versions.sort();
    places.extend(versions.into_iter().rev());
    let found = places.into_iter().map(|p| p.join(name)).find(|p| p.is_file());
    if found.is_none() {
        let message = format!("NOT RUN: {name} is not installed (Debian: apt-get install {package})");
        assert!(std::env::var_os("CI").is_none_or(|ci| ci != "true"), "{message}");
        let _ = std::io::Write::write_all(&mut std::io::stderr(), format!("{message}\n").as_bytes());
    }
    found
}

/// PostgreSQL with the superuser `dev` and this password.
pub fn postgres(password: &str) -> Option<Server> {
    let initdb = program("initdb", "postgresql")?.canonicalize().unwrap();
    let (server, ready) = (initdb.with_file_name("postgres"), initdb.with_file_name("pg_isready"));
    let home = tempfile::Builder::new().prefix("mastery-postgres-").tempdir().unwrap();
    fs::write(home.path().join("password"), password).unwrap();
    give_away(home.path());
    let data = home.path().join("data");
    let made = as_nobody(&initdb, home.path())
        .args(["-U", "dev", "-A", "scram-sha-256", "--no-sync", "-E", "UTF8", "--locale=C"])
        .arg(format!("--pwfile={}", home.path().join("password").display()))
        .arg(&data)
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let port = free_port();
    let mut command = as_nobody(&server, home.path());
    command.arg("-D").arg(&data).args(["-p", &port.to_string(), "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"]);
    command.arg("-c").arg(format!("unix_socket_directories={}", home.path().display()));
    let server = start(command, port, home);
    let port = port.to_string();
    wait_for(&server, || {
        Command::new(&ready).args(["-q", "-h", "127.0.0.1", "-p", &port, "-U", "dev"]).status().unwrap().success()
    });
    Some(server)
}

/// Redis, with this password where it is not empty.
pub fn redis(password: &str) -> Option<Server> {
    let server = program("redis-server", "redis-server")?;
    let home = tempfile::Builder::new().prefix("mastery-redis-").tempdir().unwrap();
    let port = free_port();
    let mut command = Command::new(server);
    command.current_dir(home.path()).args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", ""]);
    if !password.is_empty() {
        command.args(["--requirepass", password]);
    }
    let server = start(command, port, home);
    wait_for(&server, || std::net::TcpStream::connect(("127.0.0.1", port)).is_ok());
    Some(server)
}

/// RabbitMQ with the user `guest`, whose password is the same.
pub fn rabbitmq() -> Option<Server> {
    let wrapped = program("rabbitmq-server", "rabbitmq-server")?;
    // Debian's wrapper insists on root or its own user; the script behind it does not.
    let script = Path::new("/usr/lib/rabbitmq/bin/rabbitmq-server");
    let home = tempfile::Builder::new().prefix("mastery-rabbitmq-").tempdir().unwrap();
    let port = free_port();
    let names = free_port().to_string();
    let mut command = Command::new(if script.is_file() { script } else { &wrapped });
    command.env("ERL_EPMD_PORT", &names).env("ERL_EPMD_ADDRESS", "127.0.0.1").env("HOME", home.path());
    command.env("RABBITMQ_NODENAME", format!("mastery{port}@localhost")).env("RABBITMQ_CONF_ENV_FILE", "/dev/null");
    command.env("RABBITMQ_NODE_PORT", port.to_string()).env("RABBITMQ_DIST_PORT", free_port().to_string());
    command.env("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1").env("RABBITMQ_LOGS", "-");
    for (name, file) in
        [("MNESIA_BASE", "db"), ("LOG_BASE", "logs"), ("ENABLED_PLUGINS_FILE", "plugins"), ("PID_FILE", "pid")]
    {
        command.env(format!("RABBITMQ_{name}"), home.path().join(file));
    }
    let mut server = start(command, port, home);
    let mut last = Command::new("epmd");
    last.env("ERL_EPMD_PORT", names).arg("-kill");
    server.last = Some(last);
    wait_for(&server, || {
        fs::read_to_string(server.home.path().join("log")).unwrap().contains("Server startup complete")
    });
    Some(server)
}

fn start(mut command: Command, port: u16, home: tempfile::TempDir) -> Server {
    let log = fs::File::create(home.path().join("log")).unwrap();
    command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log).process_group(0);
    let child = command.spawn().unwrap_or_else(|e| panic!("{command:?}: {e}"));
    Server { port, child, home, last: None }
}

fn wait_for(server: &Server, ready: impl Fn() -> bool) {
    let begun = Instant::now();
    while !ready() {
        let log = || fs::read_to_string(server.home.path().join("log")).unwrap_or_default();
        assert!(begun.elapsed() < Duration::from_secs(120), "the server does not come up:\n{}", log());
        thread::sleep(Duration::from_millis(20));
    }
}

/// Root may not run PostgreSQL: it is run as the user that its package made.
fn as_nobody(program: &Path, home: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(home).env_clear().env("PATH", "/usr/bin:/bin").env("LANG", "C").env("HOME", home);
    if let Some((uid, gid)) = postgres_user() {
        command.uid(uid).gid(gid);
    }
    command
}

fn give_away(home: &Path) {
    fs::set_permissions(home, fs::Permissions::from_mode(0o700)).unwrap();
    if let Some((uid, gid)) = postgres_user() {
        for path in [home.to_owned(), home.join("password")] {
            std::os::unix::fs::chown(path, Some(uid), Some(gid)).unwrap();
        }
    }
}

/// The ids of the user `postgres`, where we are root.
fn postgres_user() -> Option<(u32, u32)> {
    if fs::metadata("/proc/self").unwrap().uid() != 0 {
        return None;
    }
    let id = |flag: &str| {
        let out = Command::new("id").args([flag, "postgres"]).output().unwrap();
        String::from_utf8(out.stdout).unwrap().trim().parse().expect("the package makes a user postgres")
    };
    Some((id("-u"), id("-g")))
}
