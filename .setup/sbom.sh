#!/usr/bin/env bash
# sbom.sh: what the program is made of, as CycloneDX JSON, in target/sbom. Twice the same of the same lock file.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
.setup/setup.sh sbom
tools=${CONSOLE_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/channel-console}
export PATH="$tools/rust/bin:$tools/bin:$PATH" SOURCE_DATE_EPOCH=0
mkdir -p target/sbom
cargo metadata --locked --format-version 1 >/dev/null
# It writes one beside each manifest of the workspace; the program's and the browser's are kept.
trap 'find . -path ./target -prune -o -name channel-console.cdx.json -exec rm -f {} +' EXIT
for part in "server x86_64-unknown-linux-gnu program" "app wasm32-unknown-unknown browser"; do
  read -r folder target name <<<"$part"
  features=()
  if [ "$folder" = app ]; then features=(--no-default-features --features hydrate); fi
  cargo cyclonedx --quiet --manifest-path "$folder/Cargo.toml" --format json --spec-version 1.5 --target "$target" \
    --no-build-deps "${features[@]}" --override-filename channel-console.cdx
  # Its serial number is drawn by chance.
  sed '/"serialNumber":/d' "$folder/channel-console.cdx.json" >"target/sbom/$name.cdx.json"
  echo "target/sbom/$name.cdx.json: $(grep -c '"purl": "pkg:cargo/' "target/sbom/$name.cdx.json") packages"
done
