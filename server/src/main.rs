//! `channel-console`: the host. Reads the environment, opens the database, serves people on one listener and payment
//! cores on another.

use std::process::ExitCode;

use mimalloc::MiMalloc;
use server::{
    applications, audit_heads, backup,
    command::{self, Command},
    config::Config,
    core_tokens, demo, hardening, keys, operations, serve,
};
use zeroizing_alloc::ZeroAlloc;

/// Pages and answers are put together from many small pieces of memory. What is given back is wiped: a request passes through
/// buffers of many hands, and each would keep its secrets until somebody else writes over them.
#[global_allocator]
static MEMORY: ZeroAlloc<MiMalloc> = ZeroAlloc(MiMalloc);

fn main() -> ExitCode {
    if let Err(error) = hardening::shut_others_out() {
        return refuse(&format!("core dumps and debuggers cannot be shut out: {error}"));
    }
    hardening::take_files();
    let command = match Command::parse(std::env::args().skip(1)) {
        Ok(command) => command,
        Err(usage) => return refuse(&usage),
    };
    let config = match Config::from_environment() {
        Ok(config) => config,
        Err(error) => return refuse(&error.to_string()),
    };
    // A demo writes dozens of mails in seconds, which nobody reads.
    let log = if matches!(command, Command::Demo { .. }) { "warn" } else { &config.log };
    operations::start_logging(log);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        // On one or two cores leptos can wait for itself with fewer (leptos#4647).
        .worker_threads(std::thread::available_parallelism().map_or(4, |n| n.get().max(4)))
        .enable_all()
        .build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => return refuse(&format!("the runtime did not start: {error}")),
    };
    match runtime.block_on(run(command, config)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(unsound @ serve::StartError::Unsound) => {
            eprintln!("channel-console: {unsound}");
            ExitCode::FAILURE
        }
        Err(error) => refuse(&error.to_string()),
    }
}

async fn run(command: Command, config: Config) -> Result<(), serve::StartError> {
    match command {
        Command::Serve => serve::serve(config).await,
        Command::Migrate => serve::backend(&config).await.map(|_| ()),
        Command::Backup { path } => backup::take(&config, &path).await,
        Command::RotateKey => keys::rotate(&*serve::backend(&config).await?, &config.keyring).await,
        Command::RemoveKey { key } => keys::remove(&*serve::backend(&config).await?, &config.keyring, &key).await,
        Command::KeyStatus => keys::status(&*serve::backend(&config).await?).await,
        Command::CoreTokenCreate(grant) => core_tokens::create(&*serve::backend(&config).await?, &grant).await,
        Command::CoreTokenList => core_tokens::list(&*serve::backend(&config).await?).await,
        Command::CoreTokenRevoke { kid } => core_tokens::revoke(&*serve::backend(&config).await?, &kid).await,
        Command::Application(command) => applications::run(&*serve::backend(&config).await?, command).await,
        Command::Demo { password } => demo::run(&config, password).await,
        Command::Verify => {
            let backend = serve::backend(&config).await?;
            if audit_heads::verify(&backend, &config.data_dir).await? {
                Ok(())
            } else {
                Err(serve::StartError::Unsound)
            }
        }
        Command::Help => {
            println!("{}", command::HELP);
            Ok(())
        }
    }
}

/// Something is wrong with what was asked: one sentence, exit code 2.
fn refuse(why: &str) -> ExitCode {
    eprintln!("channel-console: {why}");
    ExitCode::from(2)
}
