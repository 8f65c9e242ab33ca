//! What brings a page alive. Not leptos' own: it writes the page's nonce where the preload of the WASM says how to fetch
//! (`crossorigin`), which Firefox takes amiss (leptos#4843), and it reads the file of hashes for every page.

use std::{fs, path::Path, sync::OnceLock};

use leptos::{nonce::use_nonce, prelude::*};

/// Where the browser finds the program.
#[derive(Debug)]
struct Files {
    script: String,
    wasm: String,
}

/// Asks early for the program, and starts it.
pub fn hydration_scripts(options: &LeptosOptions) -> impl IntoView + use<> {
    static FILES: OnceLock<Files> = OnceLock::new();
    let Files { script, wasm } = FILES.get_or_init(|| Files::of(options));
    let start =
        format!("import('{script}').then(it => it.default({{module_or_path: '{wasm}'}}).then(() => it.hydrate()));");
    view! {
        <link rel="modulepreload" href=script.clone() crossorigin="anonymous" />
        <link rel="preload" href=wasm.clone() r#as="fetch" r#type="application/wasm" crossorigin="anonymous" />
        <script type="module" nonce=use_nonce()>
            {start}
        </script>
    }
}

impl Files {
    fn of(options: &LeptosOptions) -> Self {
        let name = |kind: &str, extension: &str| {
            let hash = options.hash_files.then(|| hash(options, kind)).flatten();
            let hash = hash.map(|hash| format!(".{hash}")).unwrap_or_default();
            format!("/{}/{}{hash}.{extension}", options.site_pkg_dir, options.output_name)
        };
        Self { script: name("js", "js"), wasm: name("wasm", "wasm") }
    }
}

/// The hash in a file's name, as cargo-leptos wrote it down beside the program.
fn hash(options: &LeptosOptions, kind: &str) -> Option<String> {
    let program = std::env::current_exe().ok()?;
    let hashes = fs::read_to_string(program.parent().unwrap_or(Path::new("")).join(options.hash_file.as_ref())).ok()?;
    let found = hashes.lines().find_map(|line| line.trim().split_once(':').filter(|(of, _)| *of == kind));
    found.map(|(_, hash)| hash.trim().to_owned())
}
