//! What is in this process stays in it.

use std::io;

/// No core dump, and for other programs of the same user no debugger and no look at the environment, where passwords of
/// mail server and database may be.
#[cfg(target_os = "linux")]
pub fn shut_others_out() -> io::Result<()> {
    use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};

    setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) })?;
    set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    Ok(())
}

#[cfg(not(target_os = "linux"))]
pub fn shut_others_out() -> io::Result<()> {
    Ok(())
}

/// As many open files as the system gives: each connection is one, and the usual 1,024 are fewer than there are places.
pub fn take_files() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

        let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
        // Refused, there are as many as before.
        let _ = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum });
    }
}
